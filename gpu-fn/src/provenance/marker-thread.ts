// The thread that marks pictures, one after the other; see marker.ts.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { MarkAnswer, MarkJob } from "./marker.ts";
import { type MarkKey, markPicture } from "./watermark/mark.ts";

const port = parentPort as MessagePort;
const key = workerData as MarkKey;
let last: Promise<void> = Promise.resolve();

port.on("message", (job: MarkJob) => {
  last = last.then(async () => {
    const [answer, ...moved] = await answerOf(job);
    port.postMessage(answer, moved);
  });
});

/** The answer, and the memory that goes over with it. */
async function answerOf({ id, picture, mask }: MarkJob): Promise<[MarkAnswer, ...ArrayBuffer[]]> {
  try {
    const { held, picture: marked } = await markPicture(picture, mask, key);
    if (held === "none") return [{ id, held, rgb: null }];
    const rgb = new Uint8Array(marked.rgb);
    return [{ id, held, rgb }, rgb.buffer];
  } catch (error) {
    // its class alone: nothing of a picture is for logs
    return [{ id, failure: error instanceof Error ? error.name : "unknown" }];
  }
}
