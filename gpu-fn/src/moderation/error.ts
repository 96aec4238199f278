import type { Policy, Verdict } from "../../../shared/moderation/policies.ts";

/** A policy refuses the prompt, the photo or the result. The message is one line that names the policy. */
export class ModeratedError extends Error {
  override readonly name = "ModeratedError";
  readonly policy: Policy;

  constructor({ policy, detail }: Verdict) {
    super(detail);
    this.policy = policy;
  }
}

/** @throws ModeratedError if a policy refuses */
export function refuse(verdict: Verdict | null): void {
  if (verdict !== null) throw new ModeratedError(verdict);
}
