import type { GpuEvent, MaskTask } from "../../../shared/gpu.ts";
import type { Settings } from "../env.ts";
import { GpuBusyError, GpuRefusedError, GpuUnavailableError, locateMask } from "../gpu/client.ts";
import { backlogSeconds } from "../limits/admission.ts";
import { Refusal, refusedBy } from "../problem.ts";

/**
 * Maximum time that a client waits for a GPU that is busy with edits, and the pause between two requests, in
 * milliseconds. When edits follow one another, the gap between two of them is short.
 */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/** Maximum time for locating itself, in milliseconds. */
const RUN_MS = 60_000;

/** `Retry-After` for a client whose mask found no GPU. */
const RETRY_AFTER_SECONDS = 5;

type MaskEvent = Extract<GpuEvent, { event: "mask" }>;

/**
 * Has the GPU function locate a mask; while it is busy, asks again for up to ten seconds.
 * @throws Refusal `gpu_unavailable` with `Retry-After`, or the GPU function's refusal of the photo
 */
export async function locate(settings: Settings, task: MaskTask): Promise<MaskEvent> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await locateMask(settings, task, AbortSignal.timeout(RUN_MS));
    } catch (error) {
      const waits = error instanceof GpuBusyError && Date.now() + PAUSE_MS < until;
      if (!waits) throw refusedByGpu(error, await backlogSeconds(settings));
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** @param waiting seconds of work that waits for the GPUs: a continuous stream of edits leaves no room for a mask */
function refusedByGpu(error: unknown, waiting: number): unknown {
  if (error instanceof GpuRefusedError && !error.retryable) return refusedBy(error);
  const busy = error instanceof GpuBusyError;
  const seconds = busy ? Math.max(error.retryAfterSeconds, waiting) : RETRY_AFTER_SECONDS;
  const known = busy || error instanceof GpuUnavailableError || error instanceof GpuRefusedError;
  if (!known && !(error instanceof DOMException)) return error;
  return new Refusal("gpu_unavailable", "the GPU cannot take this now; try again soon", {
    headers: { "Retry-After": String(Math.max(1, Math.ceil(seconds))) },
  });
}
