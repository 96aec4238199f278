import { CanceledError } from "../errors.ts";
import { type EditParts, runEdit } from "./edit-run.ts";
import { runMask } from "./mask-run.ts";
import type { ModelHost } from "./model-host.ts";
import type { Perform } from "./runs.ts";

/** Performs a task: waits until the model is warm and reports the wait, then edits or locates. */
export function performer(host: ModelHost, heartbeatMs: number, parts: EditParts): Perform {
  return async ({ kind, task }, run) => {
    const since = performance.now();
    const report = () => run.emit({ event: "loading", elapsed_ms: performance.now() - since });
    if (host.status !== "ready") report();
    const reporting = setInterval(report, heartbeatMs);
    const loaded = await unlessAborted(host.ready(), run.signal).finally(() => clearInterval(reporting));
    if (kind === "mask") await runMask(loaded, task, run, parts.moderator);
    else await runEdit(loaded, task, run, parts);
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new CanceledError()), { once: true });
    promise.then(resolve, reject);
  });
}
