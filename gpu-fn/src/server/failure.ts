import type { GpuEvent } from "../../../shared/gpu.ts";
import type { ProblemCode } from "../../../shared/problem.ts";
import { type InputCode, InputError } from "../errors.ts";
import { ModeratedError } from "../moderation/error.ts";
import { TransferError } from "./transfers.ts";

export type FailedEvent = Extract<GpuEvent, { event: "failed" }>;

/** The engine's input errors as codes of the public contract. */
const CODES: Readonly<Record<InputCode, ProblemCode>> = {
  image_undecodable: "image_rejected",
  image_animated: "image_rejected",
  image_too_small: "image_rejected",
  image_too_large: "image_rejected",
  no_face: "no_face",
  mask_invalid: "invalid_request",
  mask_empty: "invalid_request",
  mask_required: "invalid_request",
  prompt_invalid: "invalid_request",
  unchanged: "unchanged",
  schedule_invalid: "invalid_request",
  option_invalid: "invalid_request",
  file_unreadable: "internal",
  output_unwritable: "internal",
};

export function failed(code: ProblemCode, detail: string, retryable: boolean): FailedEvent {
  return { event: "failed", code, detail, retryable };
}

/** The event that reports a run's error to the edge: refused input under its code, anything else as our own fault. */
export function failureOf(error: unknown): FailedEvent {
  if (error instanceof ModeratedError)
    return { ...failed("moderated", error.message, false), policy: error.policy };
  if (error instanceof InputError) return failed(CODES[error.code], error.message, false);
  if (error instanceof TransferError) return failed(error.code, error.message, error.retryable);
  return failed("gpu_unavailable", "the run failed on this machine", true);
}
