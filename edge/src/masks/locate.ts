import type { GpuEvent, MaskTask } from "../../../shared/gpu.ts";
import type { Settings } from "../env.ts";
import { GpuBusyError, GpuRefusedError, GpuUnavailableError, locateMask } from "../gpu/client.ts";
import { backlogSeconds } from "../limits/admission.ts";
import { Refusal, refusedBy } from "../problem.ts";

/**
 * Longest that a client waits for a GPU that is busy with edits, and between two questions, in milliseconds: where edits
 * follow one another there is only a moment between two of them.
 */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/** Longest that locating itself may take, in milliseconds. */
const RUN_MS = 60_000;

/** What a client is told to wait before it asks again. */
const RETRY_AFTER_SECONDS = 5;

type MaskEvent = Extract<GpuEvent, { event: "mask" }>;

/**
 * Has the GPU function locate a mask; while it is busy, asks again for up to ten seconds.
 * @throws Refusal `gpu_unavailable` with `Retry-After`, or what the GPU function refuses the photo for
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

/** @param waiting seconds of work that waits for the GPUs: edits that follow one another leave no room for a mask */
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
