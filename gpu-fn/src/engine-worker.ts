// The thread that holds the model: it loads, then runs one job after another.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { editPortrait } from "./edit.ts";
import type { EngineOptions } from "./engine.ts";
import { type FromWorker, flatten, type Jobs, type ToWorker } from "./engine-protocol.ts";
import { sharedDecoder } from "./image/decoder/decoder.ts";
import { INVERSION_LIMITS, InversionCache } from "./inversion-cache.ts";
import { locatePortrait } from "./locate.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { admitModel } from "./memory/admit.ts";
import { memoryOf } from "./memory/device.ts";
import { type Model, openModel } from "./model.ts";
import { hasInt8 } from "./model-files.ts";
import { openPartsThread } from "./parts-thread.ts";
import { checkCudaLibraries } from "./provider.ts";

const port = parentPort as MessagePort;
const { manifest, options } = workerData as { manifest: string; options: EngineOptions };
const running = new Map<number, AbortController>();
const answer = (message: FromWorker) => port.postMessage(message);

const inversions = new InversionCache(INVERSION_LIMITS, () =>
  answer({ type: "inversions", metrics: inversions.metrics }),
);

type Job = Extract<ToWorker, { request: unknown }>;

/** One job, to its end. */
function perform(model: Model, job: Job, signal: AbortSignal): Promise<Jobs[keyof Jobs]["result"]> {
  const { id, type, request } = job;
  if (type === "locate") return locatePortrait(model, request, signal);
  return editPortrait(model, request, {
    signal,
    inversions,
    onProgress: (progress) => answer({ type: "progress", id, progress }),
    onRegion: (found) => answer({ type: "region", id, found }),
    onPreview: (preview) => answer({ type: "preview", id, preview }),
  });
}

/** Opens the model in the best way that this machine has room for. */
async function load(model: Manifest, options: EngineOptions): Promise<Model> {
  const { threads, int8Arithmetic = false, device = "cpu", ...limits } = options;
  sharedDecoder().warm();
  if (device === "cuda") checkCudaLibraries();
  const memory = memoryOf(device, limits);
  const way = admitModel(model, memory, { device, int8: hasInt8(model) });
  const tuning = { int8Arithmetic, ...(threads === undefined ? {} : { threads }) };
  const parts = await openPartsThread(model, way, tuning);
  return openModel(model, { way, hostBytes: memory.host, parts, ...tuning });
}

async function serve(model: Model): Promise<void> {
  let last: Promise<void> = Promise.resolve();
  port.on("message", (message: ToWorker) => {
    if (message.type === "cancel") return running.get(message.id)?.abort();
    if (message.type === "forget") return inversions.forget(message.scope);
    if (message.type === "close") {
      for (const abort of running.values()) abort.abort();
      last.then(() => model.release()).finally(() => port.close());
      return;
    }
    const { id } = message;
    const abort = new AbortController();
    running.set(id, abort);
    last = last.then(async () => {
      try {
        answer({ type: "done", id, result: await perform(model, message, abort.signal) });
      } catch (error) {
        answer({ type: "failed", id, error: flatten(error) });
      } finally {
        running.delete(id);
      }
    });
  });
  answer({ type: "ready" });
}

try {
  await serve(await load(await readManifest(manifest), options));
} catch (error) {
  answer({ type: "failed", id: -1, error: flatten(error) });
}
