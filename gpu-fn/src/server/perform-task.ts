import type { GpuHealth } from "../../../shared/gpu.ts";
import { CanceledError } from "../errors.ts";
import { type EditParts, runEdit } from "./edit-run.ts";
import { failed } from "./failure.ts";
import { runMask } from "./mask-run.ts";
import type { ModelHost } from "./model-host.ts";
import type { Perform } from "./runs.ts";

/** Why a task must not run here, in one line: it was charged for another model. Null if it may, or nothing is known yet. */
export function otherModel(charged: string | undefined, model: GpuHealth["model"]): string | null {
  if (charged === undefined || model === null || model.id === charged) return null;
  return `this function runs ${model.id}, not ${charged}`;
}

/**
 * Performs a task: waits until the model is warm and reports the wait, then edits or locates. A task that came before the
 * manifest was read is compared with the model here.
 */
export function performer(host: ModelHost, heartbeatMs: number, parts: EditParts): Perform {
  return async ({ kind, task }, run) => {
    const since = performance.now();
    const report = () => run.emit({ event: "loading", elapsed_ms: performance.now() - since });
    if (host.status !== "ready") report();
    const reporting = setInterval(report, heartbeatMs);
    const loaded = await unlessAborted(host.ready(), run.signal).finally(() => clearInterval(reporting));
    const other = otherModel(task.model, loaded.model);
    if (other !== null) run.end(failed("gpu_unavailable", other, true));
    else if (kind === "mask") await runMask(loaded, task, run, parts.moderator);
    else await runEdit(loaded, task, run, parts);
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new CanceledError()), { once: true });
    promise.then(resolve, reject);
  });
}
