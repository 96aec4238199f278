// A process that runs an engine on the rehearsed GPU: `node scene.ts SCENE`, with SCENE as JSON; it prints a line of JSON for
// each mark. It runs in the stage's tree, with the stage's libraries and a ledger (stage.ts).
import { openEngine } from "../../../gpu-fn/src/engine/engine.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { warmUp, warmUpSide } from "../../../gpu-fn/src/server/warm-up.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { requestOf } from "../drawn-edit.ts";
import { Ledger } from "./ledger.ts";
import { marker } from "./mark.ts";
import type { Scene } from "./stage.ts";

const { manifest: path, gpuGib, edits } = JSON.parse(process.argv[2] ?? "") as Scene;
const mark = marker(new Ledger(process.env.REHEARSAL_LEDGER ?? ""));

const engine = await openEngine(path, { device: "cuda", gpuGib });
mark("open");
await warmUp(engine, new AbortController().signal, warmUpSide(await readManifest(path)));
mark("warm");
for (const edit of edits) {
  const { valueBlocks: value_blocks, background } = edit;
  const schedule = scheduleSchema.parse({
    ...{ steps: 2, structuring_steps: 1, solver: "euler", value_blocks },
    ...(background && { value_path: "background" }),
  });
  const { evaluations, tokens } = await engine.edit(await requestOf({ ...edit, schedule }));
  mark(edit.name, evaluations, tokens);
}
await engine.close();
mark("closed");
