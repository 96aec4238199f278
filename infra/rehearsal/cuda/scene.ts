// A process that plays an engine on the GPU that is rehearsed: `node scene.ts SCENE`, SCENE as JSON; a line of JSON for each
// mark. Run in the stage's tree, with its libraries and a ledger (stage.ts).
import { openEngine } from "../../../gpu-fn/src/engine/engine.ts";
import { encodeGrey, encodePhoto } from "../../../gpu-fn/src/image/encode.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { warmUp, warmUpSide } from "../../../gpu-fn/src/server/warm-up.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";

import { Ledger } from "./ledger.ts";
import type { Mark, PlayedEdit, Scene } from "./stage.ts";

const { manifest: path, gpuGib, edits } = JSON.parse(process.argv[2] ?? "") as Scene;
const ledger = new Ledger(process.env.REHEARSAL_LEDGER ?? "");
let since = performance.now();

function mark(name: string, evaluations = 0): void {
  const played: Mark = {
    name,
    ms: Math.round(performance.now() - since),
    evaluations,
    hostBytes: process.memoryUsage.rss(),
    ...ledger.take(),
  };
  process.stdout.write(`${JSON.stringify(played)}\n`);
  since = performance.now();
}

async function requestOf({ width, height, box, valueBlocks }: PlayedEdit) {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, index) => (7 * index) & 255);
  const grey = new Uint8Array(width * height);
  const [left, top] = [Math.floor((width - box) / 2), Math.floor((height - box) / 2)];
  for (let y = top; y < top + box; y++) grey.fill(255, y * width + left, y * width + left + box);
  return {
    photo: { bytes: await encodePhoto({ width, height, rgb, alpha: null }, "png") },
    mask: { bytes: await encodeGrey(grey, width, height) },
    prompt: "a woman wearing glasses",
    sourcePrompt: "a woman.",
    maskOptions: maskOptionsSchema.parse({}),
    schedule: scheduleSchema.parse({
      ...{ steps: 2, structuring_steps: 1, solver: "euler" },
      value_blocks: valueBlocks,
    }),
    composite: "paste-back" as const,
  };
}

const engine = await openEngine(path, { device: "cuda", gpuGib });
mark("open");
await warmUp(engine, new AbortController().signal, warmUpSide(await readManifest(path)));
mark("warm");
for (const edit of edits) {
  const { evaluations } = await engine.edit(await requestOf(edit));
  mark(edit.name, evaluations);
}
await engine.close();
mark("closed");
