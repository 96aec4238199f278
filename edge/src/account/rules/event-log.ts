import type { RunProgress } from "../contract/edits.ts";
import type { Happening } from "../contract/reading.ts";

type Kind = Happening["kind"];

/** Number of ids per attempt: enough for all its events; its end has the last one. */
const IDS_AN_ATTEMPT = 1_000_000;

/** The fields of an edit that show its state. */
interface Stage {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
}

interface Log {
  last: number;
  /** Id of the latest event of each kind. */
  readonly latest: Map<Kind, number>;
  position: number | null;
  progress: RunProgress | null;
  leaseUntil: number | null;
}

/**
 * The events of edits that are not final, in memory: the latest event of each kind, the progress of a run, and its
 * lease. Ids increase and start above all ids of earlier attempts, so that they need not be stored. An object that was
 * evicted knows only the edit's row: followers get that state once more, then new events.
 */
export class EventLog {
  readonly #logs = new Map<string, Log>();

  /** The edit waits (again). */
  waits(stage: Stage): void {
    const log = this.#of(stage);
    if (log.latest.has("queued")) return;
    log.latest.clear();
    log.progress = null;
    log.position = null;
    this.#note(log, "queued");
  }

  /** The run has started; a second report of that changes nothing. False: it was known. */
  start(stage: Stage): boolean {
    const log = this.#of(stage);
    if (log.latest.has("started")) return false;
    log.latest.clear();
    this.#note(log, "started");
    return true;
  }

  /** A heartbeat of a run, with or without news. */
  renew(stage: Stage, leaseUntil: number, progress: RunProgress | null): void {
    const log = this.#of(stage);
    log.leaseUntil = leaseUntil;
    if (progress === null) return;
    log.progress = progress;
    this.#note(log, "progress");
  }

  /** The edit is final or gone: its row has all there is to know. */
  forget(id: string): void {
    this.#logs.delete(id);
  }

  progress(id: string): RunProgress | null {
    return this.#logs.get(id)?.progress ?? null;
  }

  /** Until when the run renewed its lease in memory; null if it did not. */
  leaseUntil(id: string): number | null {
    return this.#logs.get(id)?.leaseUntil ?? null;
  }

  /** A lease that is over, whatever the run reported before. */
  endLease(id: string): void {
    const log = this.#logs.get(id);
    if (log === undefined) return;
    log.leaseUntil = null;
    log.progress = null;
  }

  /** Whether an edit waits for its run to start. A claim is not a start, since a busy GPU gives it back. */
  isWaiting(stage: Stage): boolean {
    return (
      stage.status === "queued" || (stage.status === "running" && !this.#of(stage).latest.has("started"))
    );
  }

  /**
   * The events after an id, in order; an `after` from the future counts as none.
   * @param position its place among the account's waiting edits; a new one is news
   */
  after(stage: Stage, after: number, position: () => number): Happening[] {
    if (stage.status !== "queued" && stage.status !== "running") {
      const id = (stage.attempt + 1) * IDS_AN_ATTEMPT - 1;
      return after === id ? [] : [{ id, kind: "final" }];
    }
    const log = this.#of(stage);
    if (log.latest.has("queued")) this.#place(log, position());
    const since = after > log.last ? 0 : after;
    return [...log.latest]
      .filter(([, id]) => id > since)
      .sort(([, a], [, b]) => a - b)
      .map(([kind, id]) => (kind === "queued" ? { id, kind, position: log.position ?? 1 } : { id, kind }));
  }

  #place(log: Log, position: number): void {
    if (log.position === position) return;
    if (log.position !== null) this.#note(log, "queued");
    log.position = position;
  }

  #note(log: Log, kind: Kind): void {
    log.last += 1;
    log.latest.set(kind, log.last);
  }

  #of({ id, status, attempt }: Stage): Log {
    const known = this.#logs.get(id);
    if (known !== undefined) {
      known.last = Math.max(known.last, attempt * IDS_AN_ATTEMPT);
      return known;
    }
    const log: Log = {
      last: attempt * IDS_AN_ATTEMPT,
      latest: new Map(),
      position: null,
      progress: null,
      leaseUntil: null,
    };
    this.#note(log, status === "running" ? "started" : "queued");
    this.#logs.set(id, log);
    return log;
  }
}
