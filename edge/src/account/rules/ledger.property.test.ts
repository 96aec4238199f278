import fc from "fast-check";
import { expect, test } from "vitest";
import { isFinal } from "../../../../shared/edit.ts";
import { credit, debit, type EntryKind, type Hold, hold, NOTHING, settle, type Totals } from "./ledger.ts";
import * as life from "./lifecycle.ts";

/** Ledger rows and edits as an account's object keeps them, without storage: the same rules in the same order. */
class Book {
  readonly rows: { kind: EntryKind; available: number; held: number; edit: number | null }[] = [];
  readonly edits = new Map<number, { job: life.Job; credits: number; captured: number }>();
  totals: Totals = NOTHING;
  now = 0;

  credited = 0;

  credit(amount: number): void {
    this.credited += amount;
    this.#post(credit(this.totals, amount), null);
  }

  takeBack(amount: number): void {
    this.credited -= amount;
    this.#post(debit(this.totals, amount), null);
  }

  create(edit: number, credits: number, deadlineMs: number): void {
    if (this.edits.has(edit)) return;
    const held = hold(this.totals, this.holdOf(edit), credits);
    if (held === null) return;
    this.#post(held, edit);
    this.edits.set(edit, { job: life.accepted(this.now, deadlineMs, this.now + 1e9), credits, captured: 0 });
  }

  /** Applies a rule to an edit and settles it if it became final. */
  step(edit: number, rule: (job: life.Job, now: number) => life.Job | null): void {
    const known = this.edits.get(edit);
    const next = known === undefined ? null : rule(known.job, this.now);
    if (known === undefined || next === null || next === known.job) return;
    this.edits.set(edit, { ...known, job: next });
    if (!isFinal(next)) return;
    const run = { evaluations: this.now % 7, planned: 6, preview: this.now % 2 === 0 ? "shown" : null };
    const captured = life.capturedOf(known.job, next, known.credits, run);
    this.edits.set(edit, { ...known, job: next, captured });
    this.#post(settle(this.totals, this.holdOf(edit), captured), edit);
  }

  holdOf(edit: number): Hold {
    const known = this.edits.get(edit);
    if (known === undefined) return { state: "none" };
    const ended = this.rows.some(({ edit: of, kind }) => of === edit && kind !== "hold");
    return ended ? { state: "ended" } : { state: "open", amount: known.credits };
  }

  #post({ after, ...row }: ReturnType<typeof credit>, edit: number | null): void {
    this.rows.push({ ...row, edit });
    this.totals = after;
  }
}

const claim = (job: life.Job, now: number) => {
  const next = life.claim(life.wake(job, now)?.job ?? job, now);
  return "outcome" in next ? (life.wake(job, now)?.job ?? null) : next;
};

/** The fence: an answer counts only if it is from the running attempt. */
function ofRun(job: life.Job, attempt: number, next: life.Job | null): life.Job | null {
  if (next !== null)
    expect({ status: job.status, attempt: job.attempt }).toEqual({ status: "running", attempt });
  return next;
}

/** A few hundred in every test run; `npm run test:chaos` asks for 10,000. */
const numRuns = Number(process.env.CHAOS_RUNS ?? 300);

const PATIENCE_MS = 60_000 + 60 * numRuns;

const edits = fc.integer({ min: 0, max: 2 });
/** Any attempt, past, present or impossible: late and foreign answers come as often as right ones. */
const attempts = fc.integer({ min: 1, max: 6 });

type Command = (book: Book) => void;

/** What can happen to an account, in any order and number. */
const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map(
    (amount): Command =>
      (book) =>
        book.credit(amount),
  ),
  fc.integer({ min: 1, max: 30 }).map(
    (amount): Command =>
      (book) =>
        book.takeBack(amount),
  ),
  fc.tuple(edits, fc.integer({ min: 1, max: 12 }), fc.constantFrom(1_000, 60_000, 900_000)).map(
    ([edit, credits, deadline]): Command =>
      (book) =>
        book.create(edit, credits, deadline),
  ),
  // A delivery, a duplicate of it, and two consumers at once.
  edits.map(
    (edit): Command =>
      (book) =>
        book.step(edit, claim),
  ),
  edits.map(
    (edit): Command =>
      (book) => {
        book.step(edit, claim);
        book.step(edit, claim);
      },
  ),
  fc.tuple(edits, attempts).map(
    ([edit, n]): Command =>
      (book) => {
        book.step(edit, (job, now) => ofRun(job, n, life.succeed(job, n, now)));
      },
  ),
  fc.tuple(edits, attempts).map(
    ([edit, n]): Command =>
      (book) => {
        book.step(edit, (job, now) => ofRun(job, n, life.renew(job, n, now)));
      },
  ),
  fc.tuple(edits, attempts, fc.boolean()).map(
    ([edit, n, retryable]): Command =>
      (book) => {
        const error = { code: "gpu_unavailable", detail: "cut", retryable } as const;
        book.step(edit, (job, now) => ofRun(job, n, life.fail(job, n, error, now)?.job ?? null));
      },
  ),
  fc.tuple(edits, attempts, fc.integer({ min: 1, max: 10 })).map(
    ([edit, n, seconds]): Command =>
      (book) => {
        book.step(edit, (job, now) => {
          const next = ofRun(job, n, life.giveBack(job, n, seconds, now));
          expect(next?.spent ?? job.spent - 1).toBe(job.spent - 1);
          return next;
        });
      },
  ),
  edits.map(
    (edit): Command =>
      (book) =>
        book.step(edit, life.cancel),
  ),
  edits.map(
    (edit): Command =>
      (book) =>
        book.step(edit, life.giveUp),
  ),
  edits.map(
    (edit): Command =>
      (book) =>
        book.step(edit, (job, now) => life.wake(job, now)?.job ?? null),
  ),
  fc.constantFrom(1, 4_999, 10_000, 30_001, 600_000).map(
    (ms): Command =>
      (book) => {
        book.now += ms;
      },
  ),
);

function check(book: Book, before: ReadonlyMap<number, { job: life.Job }>): void {
  const credits = (...kinds: life.Job["status"][]) =>
    [...book.edits.values()].reduce(
      (n, { job, credits }) => (kinds.includes(job.status) ? n + credits : n),
      0,
    );
  const held = credits("queued", "running");
  const captured = [...book.edits.values()].reduce((n, { captured }) => n + captured, 0);
  expect(book.totals).toEqual({ available: book.credited - held - captured, held });
  const sum = (of: "available" | "held") => book.rows.reduce((total, row) => total + row[of], 0);
  expect(book.totals).toEqual({ available: sum("available"), held: sum("held") });
  expect(book.totals.held).toBeGreaterThanOrEqual(0);
  for (const [edit, { job, credits, captured }] of book.edits) {
    expect(captured).toBeLessThanOrEqual(credits);
    if (job.status === "succeeded") expect(captured).toBe(credits);
    if (job.status === "queued" || job.status === "running") expect(captured).toBe(0);
    const kinds = book.rows.filter((row) => row.edit === edit).map(({ kind }) => kind);
    const end = book.edits.get(edit)?.captured ? "capture" : "release";
    expect(kinds).toEqual(isFinal(job) ? ["hold", end] : ["hold"]);
    if (!isFinal(job)) expect(book.holdOf(edit)).toEqual({ state: "open", amount: credits });
    expect(job.spent).toBeLessThanOrEqual(life.ATTEMPTS_MAX);
    expect(job.spent).toBeGreaterThanOrEqual(0);
    const earlier = before.get(edit)?.job;
    if (earlier === undefined) continue;
    expect(job.attempt).toBeGreaterThanOrEqual(earlier.attempt);
    if (isFinal(earlier)) expect(job).toEqual(earlier);
  }
}

test(
  "whatever happens in whatever order, money follows the edits",
  () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 80, size: "max" }), (sequence) => {
        const book = new Book();
        for (const command of sequence) {
          const before = new Map(book.edits);
          command(book);
          check(book, before);
        }
      }),
      { numRuns },
    );
  },
  PATIENCE_MS,
);

test(
  "whatever happened, time alone ends every edit and closes every hold",
  () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 40, size: "max" }), (sequence) => {
        const book = new Book();
        for (const command of sequence) command(book);
        book.now += 900_000;
        for (const edit of book.edits.keys()) book.step(edit, (job, now) => life.wake(job, now)?.job ?? null);
        expect(book.totals.held).toBe(0);
        expect([...book.edits.values()].every(({ job }) => isFinal(job))).toBe(true);
      }),
      { numRuns },
    );
  },
  PATIENCE_MS,
);
