import { type ForgetTask, KEPT_IN_MEMORY_MS } from "../../../shared/gpu.ts";
import { CanceledError } from "../errors.ts";
import { failed, failureOf } from "./failure.ts";
import { faultOf, type Log } from "./log.ts";
import { Run, scopeOf, type Task } from "./run.ts";

/** How many runs are remembered for callers that ask again, and for how long. */
const REMEMBERED = { runs: 256, ms: KEPT_IN_MEMORY_MS };

/** Seconds that a caller waits if nothing is known of the current run. */
const UNKNOWN_WAIT = 5;

/**
 * When a run is ended, its work returns before the next evaluation. Work that takes longer than this many evaluations,
 * but at least a minute, counts as hanging. `unknownMs` applies if no evaluation has been timed yet.
 */
const HANGS = { evaluations: 20, leastMs: 60_000, unknownMs: 600_000 };

/** Longest delay that a timer accepts, in milliseconds. */
const TIMER_MAX = 2 ** 31 - 1;

/** Does a task's work, emits its events, and ends the run with the last one. @throws whatever made it fail */
export type Perform = (task: Task, run: Run) => Promise<void>;

export type Taken =
  | { readonly outcome: "run"; readonly run: Run }
  | { readonly outcome: "busy"; readonly retryAfterSeconds: number }
  | { readonly outcome: "conflict"; readonly detail: string }
  | { readonly outcome: "stopping" };

/** One run at a time; the same attempt twice is one run; a higher attempt of a request ends the lower one. */
export class Runs {
  readonly #perform: Perform;
  readonly #log: Log;
  readonly #onHang: () => void;
  readonly #known = new Map<string, Run>();
  #current: { readonly run: Run; readonly settled: Promise<void> } | null = null;
  /** Milliseconds per evaluation in the latest run. */
  #pace: number | null = null;
  #stopping = false;

  /** @param onHang called if work does not return, after which nothing else can run in this process */
  constructor(perform: Perform, log: Log, onHang: () => void = () => {}) {
    this.#perform = perform;
    this.#log = log;
    this.#onHang = onHang;
  }

  get busy(): boolean {
    return this.#current !== null;
  }

  take(task: Task): Taken {
    if (this.#stopping) return { outcome: "stopping" };
    const { request_id: id, attempt } = task.task;
    const known = this.#known.get(id);
    if (known !== undefined && attempt < known.attempt)
      return { outcome: "conflict", detail: `attempt ${known.attempt} of this request was seen before` };
    if (known?.attempt === attempt && known.kind !== task.kind)
      return { outcome: "conflict", detail: "this request id belongs to a task of another kind" };
    if (known?.attempt === attempt && !known.dropped) {
      this.#remember(known);
      return { outcome: "run", run: known };
    }
    const current = this.#current;
    if (current !== null && current.run.requestId !== id)
      return { outcome: "busy", retryAfterSeconds: this.#wait(current.run) };
    current?.run.abort({ event: "canceled" });
    return { outcome: "run", run: this.#start(task, current?.settled) };
  }

  /** Forgets runs and their events: finished ones at once, an active one at its end. */
  forget(task: ForgetTask): void {
    const concerns = (run: Run) =>
      "tenant" in task
        ? run.scope === scopeOf(task.tenant, task.photo_sha256)
        : run.requestId === task.request_id;
    for (const run of this.#known.values()) {
      if (!concerns(run)) continue;
      run.forgotten = true;
      if (run.outcome !== undefined && run !== this.#current?.run) this.#forget(run);
    }
  }

  /** Accepts no more tasks and ends the active run. Settles when its work has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#current?.run.abort({ event: "interrupted" });
    await this.#current?.settled;
  }

  #wait(run: Run): number {
    if (run.outcome !== undefined || run.kind === "mask") return 1;
    const left = run.pace.left(this.#pace);
    return left === null ? UNKNOWN_WAIT : Math.max(1, Math.ceil(left / 1000));
  }

  #start(task: Task, before: Promise<void> = Promise.resolve()): Run {
    const run = new Run(task);
    const deadline = task.kind === "edit" ? deadlineOf(run, task.task.deadline_ms) : undefined;
    const settled = before
      .then(() => this.#work(task, run))
      .then(() => {
        clearTimeout(deadline);
        if (this.#current?.run === run) this.#current = null;
        if (run.forgotten) return this.#forget(run);
        setTimeout(() => this.#forget(run), REMEMBERED.ms).unref();
      });
    this.#current = { run, settled };
    this.#remember(run);
    run.signal.addEventListener("abort", () => this.#expectBack(run, settled), { once: true });
    return run;
  }

  #expectBack({ requestId: request_id, attempt, pace }: Run, settled: Promise<void>): void {
    const each = pace.perEvaluation ?? this.#pace;
    const ms = each === null ? HANGS.unknownMs : Math.max(HANGS.leastMs, HANGS.evaluations * each);
    const hanging = setTimeout(() => {
      this.#log("hangs", { request_id, attempt, ms });
      this.#onHang();
    }, ms);
    settled.finally(() => clearTimeout(hanging));
  }

  async #work(task: Task, run: Run): Promise<void> {
    const since = performance.now();
    const { requestId: request_id, attempt, kind } = run;
    try {
      if (!run.signal.aborted) await this.#perform(task, run);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.retryable && !(error instanceof CanceledError))
        this.#log("fault", { request_id, attempt, ...faultOf(error) });
      run.end(failure);
    }
    this.#pace = run.pace.perEvaluation ?? this.#pace;
    const { outcome } = run;
    const code = outcome?.event === "failed" ? outcome.code : null;
    const ms = Math.round(performance.now() - since);
    this.#log("run", { request_id, attempt, kind, outcome: outcome?.event ?? null, code, ms });
  }

  /** Remembers the newest run of each request; the least recently used is dropped first. */
  #remember(run: Run): void {
    this.#known.delete(run.requestId);
    this.#known.set(run.requestId, run);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED.runs && oldest !== undefined) this.#known.delete(oldest);
  }

  #forget(run: Run): void {
    if (this.#known.get(run.requestId) === run) this.#known.delete(run.requestId);
  }
}

/** Ends a run at its deadline. */
function deadlineOf(run: Run, ms: number): NodeJS.Timeout {
  const over = failed("deadline_exceeded", "the edit did not end before its deadline", false);
  return setTimeout(() => run.abort(over), Math.min(ms, TIMER_MAX));
}
