import type { Run, RunNews, RunProgress } from "../account/contract/edits.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";

/** Progress is worth a write a second; without news the lease is renewed well before it lapses. */
const NEWS_MS = 1_000;
const SILENT_MS = 5_000;

/** The account said that the run must stop: the edit was cancelled, or another attempt overtook this one. */
export class RunStoppedError extends Error {
  override name = "RunStoppedError";
}

export class DeadlineError extends Error {
  override name = "DeadlineError";
}

/**
 * A run's hold on its edit: renewed as long as it is open, and the run's signal ends where it may not go on.
 * An account that cannot be reached ends nothing: if the lease lapses meanwhile, the attempt number fences the run.
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

  /** Passes on that the GPU has begun. */
  begin(): void {
    this.#send("started");
  }

  /** Passes progress on: at once, or together with later news. */
  tell(progress: RunProgress): void {
    this.#news = progress;
    this.#renew();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#tick);
    clearTimeout(this.#deadline);
  }

  #renew(): void {
    // after the clock was set back nobody knows how long it was quiet
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
