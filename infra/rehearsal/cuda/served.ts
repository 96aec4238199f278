// A process that plays a server's cold start on the GPU that is rehearsed, with an edit that comes before the model is there:
// `node served.ts SCENE`. A line of JSON for each phase of the start and for the edit.
import { encodeGrey, encodePhoto } from "../../../gpu-fn/src/image/encode.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { allEvents, editTask, serve } from "../../../gpu-fn/src/server/client.fixture.ts";
import { openStorage } from "../../../gpu-fn/src/server/storage.fixture.ts";
import { gpuHealthSchema } from "../../../shared/gpu.ts";
import { Ledger } from "./ledger.ts";
import { marker } from "./mark.ts";
import type { Scene } from "./stage.ts";

const EVERY_MS = 100;

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
const editing = client.send("/edit", await task(storage)).then(allEvents);
let phase = "";
while (phase !== "ready") {
  const { status } = gpuHealthSchema.parse(await client.health());
  if (status === "failed") throw new Error("the server could not load the model");
  if (status !== phase) mark(status);
  phase = status;
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
}
const events = (await editing).map(({ event }) => event);
const ended = events.at(-1);
const order = events.filter((event, index) => event !== events[index - 1]);
if (ended !== "succeeded") throw new Error(`the edit ended with ${ended}`);
if (order[0] !== "loading" || order[1] !== "started")
  throw new Error(`the edit began with ${order.join(", ")}`);
mark("an edit that came before the model");
await server.close();
await storage.close();
