import type { Run, RunNews, RunProgress } from "../account/contract/edits.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";

/** Progress is worth one write a second; without news the lease is renewed well before it lapses. */
const NEWS_MS = 1_000;
const SILENT_MS = 5_000;

/** The account ordered the run to stop: the edit was cancelled, or another attempt superseded this one. */
export class RunStoppedError extends Error {
  override name = "RunStoppedError";
}

export class DeadlineError extends Error {
  override name = "DeadlineError";
}

/**
 * A run's lease on its edit: renewed while it is open; the run's signal aborts when the run must stop. An unreachable
 * account aborts nothing: if the lease lapses meanwhile, the attempt number fences the run.
 */
export class Lease implements Disposable {
  readonly #account: AccountRpc;
  readonly #run: Run;
  readonly #stop = new AbortController();
  readonly #tick: ReturnType<typeof setInterval>;
  readonly #deadline: ReturnType<typeof setTimeout>;
  #news: RunProgress | null = null;
  #reportedAt = Date.now();
  #reporting = false;

  constructor(account: AccountRpc, run: Run, deadlineAt: number) {
    this.#account = account;
    this.#run = run;
    this.#tick = setInterval(() => this.#renew(), NEWS_MS);
    const late = () => this.#stop.abort(new DeadlineError("the deadline is over"));
    this.#deadline = setTimeout(late, Math.max(0, deadlineAt - Date.now()));
  }

  /** Aborted with RunStoppedError or DeadlineError. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Reports that the GPU has started. */
  begin(): void {
    this.#send("started");
  }

  /** Reports progress: at once, or together with later news. */
  report(progress: RunProgress): void {
    this.#news = progress;
    this.#renew();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#tick);
    clearTimeout(this.#deadline);
  }

  #renew(): void {
    // after the clock was set back, the time since the last report is unknown
    const quiet = Math.abs(Date.now() - this.#reportedAt);
    if (this.#reporting || quiet < (this.#news === null ? SILENT_MS : NEWS_MS)) return;
    const news = this.#news;
    this.#news = null;
    this.#send(news);
  }

  #send(news: RunNews): void {
    this.#reportedAt = Date.now();
    this.#reporting = true;
    this.#account
      .report(this.#run, news)
      .then(({ proceed }) => {
        if (!proceed) this.#stop.abort(new RunStoppedError("the run must stop"));
      })
      .catch((error: unknown) => {
        console.warn(JSON.stringify({ event: "report_failed", ...this.#run, error: String(error) }));
      })
      .finally(() => {
        this.#reporting = false;
      });
  }
}
