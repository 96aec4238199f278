// A process that runs a server's cold start on the rehearsed GPU, with an edit that arrives before the model is loaded:
// `node served.ts SCENE`. It prints a line of JSON when the edit has ended.
import { isDeepStrictEqual } from "node:util";
import { encodeGrey, encodePhoto } from "../../../gpu-fn/src/image/encode.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { allEvents, editTask, serve } from "../../../gpu-fn/src/server/client.fixture.ts";
import { openStorage } from "../../../gpu-fn/src/server/storage.fixture.ts";
import { COLD_START_PHASES, gpuHealthSchema } from "../../../shared/gpu.ts";
import { Ledger } from "./ledger.ts";
import { marker } from "./mark.ts";
import type { Scene } from "./stage.ts";

const { manifest: path, gpuGib } = JSON.parse(process.argv[2] ?? "") as Scene;
const mark = marker(new Ledger(process.env.REHEARSAL_LEDGER ?? ""));

/** An edit of the largest photo, its upper half masked. */
async function task(storage: Awaited<ReturnType<typeof openStorage>>) {
  const { resolution: side } = await readManifest(path);
  const rgb = new Uint8Array(3 * side * side).fill(128);
  const photo = await encodePhoto({ width: side, height: side, rgb, alpha: null }, "png");
  const grey = new Uint8Array(side * side).fill(255, 0, (side * side) / 2);
  return editTask(storage, {
    photo: storage.give("photo", photo),
    mask: { source: "user", ...storage.give("drawn", await encodeGrey(grey, side, side)) },
    deadline_ms: 3_600_000,
  });
}

const storage = await openStorage();
const settings = { DEVICE: "cuda", MODEL_MANIFEST: path, GPU_MEMORY_GB: String(gpuGib) } as const;
const { server, client } = await serve({}, settings);
const events = await allEvents(client.send("/edit", await task(storage)));
const [first, second] = events.map(({ event }) => event).filter((event, at, all) => event !== all[at - 1]);
if (first !== "loading" || second !== "started") throw new Error(`the edit began with ${first}, ${second}`);
// kernels that do nothing leave the picture unchanged: this outcome shows that the edit ran to its end
const ended = events.at(-1);
if (ended?.event !== "failed" || ended.code !== "unchanged")
  throw new Error(`the edit ended with ${JSON.stringify(ended)}`);
const { phases } = gpuHealthSchema.parse(await client.health());
const took = phases.map(({ phase }) => phase);
if (!isDeepStrictEqual(took, COLD_START_PHASES)) throw new Error(`the start went ${took.join(", ")}`);
mark("an edit that came before the model");
await server.close();
await storage.close();
