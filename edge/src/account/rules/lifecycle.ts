import { type EditStatus, isFinal } from "../../../../shared/edit.ts";
import type { ClaimOutcome, RunError } from "../contract/edits.ts";

/**
 * The life of an edit: queued → running → succeeded, failed or canceled, as functions of the stored state and the time.
 * A function that returns null changes nothing: the call came too late, or from a superseded run. Times are Unix
 * milliseconds.
 */
export interface Job {
  readonly status: EditStatus;
  /** Number of the latest claim. It only increases, so it fences late answers. */
  readonly attempt: number;
  /** Claims that count: those that no busy GPU gave back. */
  readonly spent: number;
  /** Until when the run holds the edit unless it renews. */
  readonly leaseUntil: number | null;
  /** No claim before this time: another message follows for the edit. */
  readonly notBefore: number;
  /** When the message is sent again because none led to a claim, and how many were sent since the last claim. */
  readonly sendAt: number;
  readonly sends: number;
  readonly deadlineAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** When content is erased. */
  readonly expiresAt: number;
  readonly error: Omit<RunError, "retryable"> | null;
}

export const ATTEMPTS_MAX = 3;

/** Runners renew every few seconds; GPU silence ends a run after 15 s, so a lease lapses only if its runner died. */
export const LEASE_MS = 30_000;

/** Local queues live in memory and a lost message leaves no trace: without a claim, the message is sent again. */
const RESEND_MS = 10_000;
const RESEND_MAX_MS = 300_000;

/** Queues may deliver slightly early. */
const EARLY_MS = 500;

/** Longest that a GPU may still write after the deadline: the upload in progress. */
const WRITE_GRACE_MS = 60_000;

/** Wait after a failed attempt, in seconds: time for a crashed GPU function to recover. */
const RETRY_SECONDS = [5, 20] as const;

/** An accepted edit in line: the queue has no message for it yet. */
export function accepted(now: number, deadlineMs: number, expiresAt: number): Job {
  return {
    status: "queued",
    attempt: 0,
    spent: 0,
    leaseUntil: null,
    notBefore: now,
    sendAt: now + deadlineMs,
    sends: 0,
    deadlineAt: now + deadlineMs,
    startedAt: null,
    finishedAt: null,
    expiresAt,
    error: null,
  };
}

/** An edit whose turn it is: its first message is being sent. */
export const called = (job: Job, now: number): Job => sent(job, now);

/**
 * Fails an edit that cannot finish before its deadline: its turn goes to the next one. Null if it may finish.
 * @param needsMs expected run time
 */
export function tooLate(job: Job, needsMs: number, now: number): Job | null {
  return job.status === "queued" && now + needsMs > job.deadlineAt ? finish(job, "failed", now, LATE) : null;
}

/** Whether an edit is past its retention. */
export function isErased(job: Job, now: number): boolean {
  return isFinal(job) && now >= job.expiresAt;
}

/** How far a run was when it ended early, and whether it had shown a preview. */
export interface Evaluated {
  readonly evaluations: number;
  readonly planned: number;
  readonly preview: string | null;
}

/**
 * Credits of its hold that an edit is charged when it becomes final. Success costs all of them. A cancelled run costs
 * what was evaluated by then; so does a run that its own deadline ends after a preview was shown, which is nearly the
 * result. Any other failure is free, and so is an edit that ends before it runs.
 */
export function capturedOf(
  before: Job,
  after: Pick<Job, "status" | "error">,
  credits: number,
  run: Evaluated | null,
): number {
  if (after.status === "succeeded") return credits;
  if (before.status !== "running" || run === null || run.planned === 0) return 0;
  const late = after.status === "failed" && after.error?.code === "deadline_exceeded" && run.preview !== null;
  if (after.status !== "canceled" && !late) return 0;
  return Math.min(credits, Math.ceil((credits * run.evaluations) / run.planned));
}

/** The next attempt, or why there is none. Call `wake` first: it clears what lapsed. */
export function claim(job: Job, now: number): Job | Exclude<ClaimOutcome, { outcome: "claimed" }> {
  if (job.status === "running")
    return { outcome: "running", leaseMs: Math.max(0, (job.leaseUntil ?? 0) - now) };
  if (job.status !== "queued" || now < job.notBefore - EARLY_MS) return { outcome: "settled" };
  return {
    ...job,
    status: "running",
    attempt: job.attempt + 1,
    spent: job.spent + 1,
    leaseUntil: now + LEASE_MS,
    sends: 0,
    startedAt: now,
  };
}

/** A heartbeat of a run. Null: it must stop. */
export function renew(job: Job, attempt: number, now: number): Job | null {
  return isRun(job, attempt) && now < job.deadlineAt ? { ...job, leaseUntil: now + LEASE_MS } : null;
}

export function succeed(job: Job, attempt: number, now: number): Job | null {
  return isRun(job, attempt) ? finish(job, "succeeded", now, null) : null;
}

/** A failed attempt: back to the queue after the given seconds if that may help, otherwise final. */
export function fail(
  job: Job,
  attempt: number,
  { retryable, ...error }: RunError,
  now: number,
): { job: Job; delaySeconds: number | null } | null {
  if (!isRun(job, attempt)) return null;
  const delaySeconds = RETRY_SECONDS[job.spent - 1] ?? null;
  const again = retryable && delaySeconds !== null && now + delaySeconds * 1000 < job.deadlineAt;
  if (!again) return { job: finish(job, "failed", now, error), delaySeconds: null };
  return { job: requeue(job, now + delaySeconds * 1000), delaySeconds };
}

/** A claim that a busy GPU gave back: undone, except for its number. */
export function giveBack(job: Job, attempt: number, delaySeconds: number, now: number): Job | null {
  if (!isRun(job, attempt)) return null;
  return { ...requeue(job, now + delaySeconds * 1000), spent: job.spent - 1 };
}

export function cancel(job: Job, now: number): Job | null {
  return isFinal(job) ? null : finish(job, "canceled", now, null);
}

/** The queue gave the edit up. A current run is left to its lease. */
export function giveUp(job: Job, now: number): Job | null {
  return job.status === "queued" ? finish(job, "failed", now, UNREACHED) : null;
}

/** What time alone does to an edit, and what must then be done outside. */
export interface Wake {
  readonly job: Job;
  readonly effect: "send" | null;
}

/** Due now: past its deadline, its lease, or its wait for a claim. Null: nothing yet. */
export function wake(job: Job, now: number): Wake | null {
  if (isFinal(job)) return null;
  if (now >= job.deadlineAt) return { job: finish(job, "failed", now, LATE), effect: null };
  if (job.status === "queued") return now >= job.sendAt ? { job: sent(job, now), effect: "send" } : null;
  if (job.leaseUntil !== null && now < job.leaseUntil) return null;
  if (job.spent >= ATTEMPTS_MAX) return { job: finish(job, "failed", now, LOST), effect: null };
  return { job: sent({ ...requeue(job, now), sends: 0 }, now), effect: "send" };
}

/** Until when runs of the edit may write their objects. */
export const writableUntil = ({ deadlineAt }: Pick<Job, "deadlineAt">) => deadlineAt + WRITE_GRACE_MS;

/** The times that decide when an edit must be checked. */
export type Timed = Pick<Job, "status" | "leaseUntil" | "sendAt" | "deadlineAt" | "expiresAt">;

/** When to check the edit next. */
export function dueAt(job: Timed): number {
  if (isFinal(job)) return job.expiresAt;
  const next = job.status === "queued" ? job.sendAt : (job.leaseUntil ?? 0);
  return Math.min(next, job.deadlineAt);
}

const LATE = { code: "deadline_exceeded", detail: "the edit was not finished before its deadline" } as const;
const LOST = { code: "gpu_unavailable", detail: "every attempt at the edit was cut short" } as const;
const UNREACHED = { code: "gpu_unavailable", detail: "no GPU took the edit" } as const;

function isRun(job: Job, attempt: number): boolean {
  return job.status === "running" && job.attempt === attempt;
}

/** Back to the queue; the message that led to the claim comes again at `notBefore`. */
function requeue(job: Job, notBefore: number): Job {
  const sendAt = notBefore + RESEND_MS;
  return { ...job, status: "queued", leaseUntil: null, startedAt: null, notBefore, sendAt, sends: 1 };
}

function sent(job: Job, now: number): Job {
  return { ...job, sends: job.sends + 1, sendAt: now + Math.min(RESEND_MAX_MS, RESEND_MS * 2 ** job.sends) };
}

function finish(job: Job, status: EditStatus, now: number, error: Job["error"]): Job {
  return { ...job, status, leaseUntil: null, finishedAt: now, error };
}
