import type { Id } from "../../../shared/ids.ts";
import type { Backlog } from "./backlog.ts";

/** How many edits the GPUs make at a time, and how many of one account they may be offered at a time. */
export interface Turns {
  readonly containers: number;
  readonly window: number;
}

/**
 * Edits of one account that are in the queue at a time: one more than the GPUs can make, so that none of them waits
 * for the next message. The queue then holds a few edits of every account, and accounts take turns.
 */
export const windowOf = (containers: number) => containers + 1;

/** An edit is to be done after this share of its time: the rest is for what is not known, a cold start above all. */
const DEADLINE_SHARE = 0.8;

/**
 * Milliseconds by which an edit would come too late; null if it is in time, or nobody knows. Accounts take turns,
 * so that before an account's next edit each other one has as much work done as waits of this account, and what the
 * queue holds of it already: a short line is quick through, however long another account's is. Where nothing waits an
 * edit is always in time, so that a pace that was measured wrong is measured again.
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
