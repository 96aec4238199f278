// The thread that holds the model: it loads, then runs one job after another.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { admitModel } from "../device/admit.ts";
import { memoryOf } from "../device/memory.ts";
import { checkCudaLibraries } from "../device/provider.ts";
import { editPortrait } from "../edit/edit.ts";
import { INVERSION_LIMITS, InversionCache } from "../edit/inversion-cache.ts";
import { sharedDecoder } from "../image/decoder/decoder.ts";
import { hasInt8 } from "../manifest/files.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { type Model, openModel } from "../model/model.ts";
import { openPartsThread } from "../model/parts-thread.ts";
import { locatePortrait } from "../region/locate.ts";
import type { EngineOptions } from "./engine.ts";
import { type FromWorker, flatten, type Jobs, type ToWorker } from "./protocol.ts";

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
