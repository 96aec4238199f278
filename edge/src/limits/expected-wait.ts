import type { Id } from "../../../shared/ids.ts";
import type { Backlog } from "./backlog.ts";

/** How many edits the GPUs run at a time, and how many of one account they may be offered at a time. */
export interface Turns {
  readonly containers: number;
  readonly window: number;
}

/**
 * Number of an account's edits in the queue at a time: one more than the GPUs can run, so that no GPU waits for the
 * next message. The queue then holds a few edits of every account, and accounts take turns.
 */
export const windowOf = (containers: number) => containers + 1;

/** An edit should be done after this share of its time: the rest covers the unknown, above all a cold start. */
const DEADLINE_SHARE = 0.8;

/**
 * Milliseconds by which an edit would be too late; null if it is in time, or unknown. Accounts take turns: before an
 * account's next edit, every other account gets as much work done as this account has waiting or in the queue. A short
 * line therefore moves quickly, however long another account's is. If nothing waits, an edit is always in time, so that
 * a wrong pace is measured again.
 */
export function overrunMs(
  { credits, msPerCredit }: Backlog,
  edit: { readonly account: Id<"acct">; readonly credits: number; readonly deadlineMs: number },
  { containers, window }: Turns,
): number | null {
  const own = credits.get(edit.account) ?? 0;
  const turns = own + edit.credits * window;
  let ahead = own;
  for (const [account, waiting] of credits) if (account !== edit.account) ahead += Math.min(waiting, turns);
  if (msPerCredit === null || ahead === 0) return null;
  const expected = msPerCredit * (ahead / containers + edit.credits);
  const late = expected - DEADLINE_SHARE * edit.deadlineMs;
  return late > 0 ? late : null;
}
