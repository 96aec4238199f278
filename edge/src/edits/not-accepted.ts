import type { Refused } from "../account/contract/edits.ts";
import type { Settings } from "../env.ts";
import { busyUntil } from "../limits/admission.ts";
import { overLimit } from "../middleware/quota.ts";
import { notFound, Refusal } from "../problem.ts";
import { usedUp } from "../tokens/uses.ts";
import { otherSize } from "./given-picture.ts";

/** Why the account did not accept it. */
export function notAccepted(settings: Settings, refused: Refused, credits: number): Refusal {
  switch (refused.outcome) {
    case "no_room":
      return new Refusal("rate_limited", `${refused.limit} edits of this account wait or run, no more`, {
        headers: { "Retry-After": String(refused.retryAfterSeconds) },
      });
    case "over_limit":
      return overLimit(refused.quota);
    case "too_late":
      return busyUntil(settings, refused.overrunMs, credits);
    case "image_unknown":
      return notFound("image");
    case "mask_foreign":
      return new Refusal("forbidden", "this token allows masks made from its own image, or sent along");
    case "mask_size":
      return otherSize(refused.mask, refused.image);
    case "token_used_up":
      return usedUp();
    case "insufficient_credits":
      return poor(credits, refused.balance);
  }
}

const poor = (credits: number, balance: number) =>
  new Refusal("insufficient_credits", `this costs ${credits} credits; ${balance} are left`);
