// The thread that holds the model: it loads, then runs one edit after another.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { editPortrait } from "./edit.ts";
import { type FromWorker, flatten, type ToWorker } from "./engine-protocol.ts";
import { readManifest } from "./manifest.ts";
import { type Model, openModel } from "./model.ts";

const port = parentPort as MessagePort;
const { manifest, threads } = workerData as { manifest: string; threads?: number };
const running = new Map<number, AbortController>();
const answer = (message: FromWorker) => port.postMessage(message);

async function serve(model: Model): Promise<void> {
  let last: Promise<void> = Promise.resolve();
  port.on("message", (message: ToWorker) => {
    if (message.type === "cancel") return running.get(message.id)?.abort();
    if (message.type === "close") {
      for (const abort of running.values()) abort.abort();
      last.then(() => model.release()).finally(() => port.close());
      return;
    }
    const { id, request } = message;
    const abort = new AbortController();
    running.set(id, abort);
    last = last.then(async () => {
      try {
        const result = await editPortrait(model, request, {
          signal: abort.signal,
          onProgress: (progress) => answer({ type: "progress", id, progress }),
        });
        answer({ type: "done", id, result });
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
  await serve(await openModel(await readManifest(manifest), threads === undefined ? {} : { threads }));
} catch (error) {
  answer({ type: "failed", id: -1, error: flatten(error) });
}
