import type { Policy } from "../../../shared/moderation/policies.ts";
import type { ProblemCode } from "../../../shared/problem.ts";

interface GpuRefusal {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly retryable: boolean;
  readonly policy?: Policy | undefined;
}

/** The GPU function is busy (503), or not up yet; ask again after `retryAfterSeconds`. */
export class GpuBusyError extends Error {
  override name = "GpuBusyError";
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super("the GPU function is busy");
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer, silence, or a stream that was cut or malformed: another attempt may succeed. */
export class GpuUnavailableError extends Error {
  override name = "GpuUnavailableError";
}

/** The GPU function refused this task, by a `failed` event or by its status. */
export class GpuRefusedError extends Error {
  override name = "GpuRefusedError";
  readonly code: ProblemCode;
  readonly detail: string;
  readonly retryable: boolean;
  /** With `moderated`: the policy that refuses it. */
  readonly policy: Policy | undefined;

  constructor({ code, detail, retryable, policy }: GpuRefusal) {
    super(`the GPU function refused the task: ${code}`);
    this.code = code;
    this.detail = detail;
    this.retryable = retryable;
    this.policy = policy;
  }
}
