import type { UsageDay } from "../../../../shared/usage.ts";

/** What an edit that ended adds to its day. */
export interface Usage {
  readonly succeeded: boolean;
  /** Captured credits. */
  readonly credits: number;
  readonly gpuMs: number;
}

type Row = { day: string; edits: number; succeeded: number; credits: number; gpu_ms: number };

/** Sums per day, in UTC. Calls must be inside the transaction that settles an edit: the sums outlive the edits. */
export class UsageTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add({ succeeded, credits, gpuMs }: Usage, now: number): void {
    this.#sql.exec(
      `INSERT INTO usage (day, edits, succeeded, credits, gpu_ms) VALUES (?, 1, ?, ?, ?)
       ON CONFLICT (day) DO UPDATE SET edits = edits + 1, succeeded = succeeded + excluded.succeeded,
         credits = credits + excluded.credits, gpu_ms = gpu_ms + excluded.gpu_ms`,
      new Date(now).toISOString().slice(0, 10),
      succeeded ? 1 : 0,
      credits,
      Math.round(gpuMs),
    );
  }

  /** GPU time for locating a mask: not an edit, and free. */
  addMask(gpuMs: number, now: number): void {
    this.#sql.exec(
      `INSERT INTO usage (day, edits, succeeded, credits, gpu_ms) VALUES (?, 0, 0, 0, ?)
       ON CONFLICT (day) DO UPDATE SET gpu_ms = gpu_ms + excluded.gpu_ms`,
      new Date(now).toISOString().slice(0, 10),
      Math.round(gpuMs),
    );
  }

  between(from: string, to: string): UsageDay[] {
    return this.#sql
      .exec<Row>("SELECT * FROM usage WHERE day BETWEEN ? AND ? ORDER BY day", from, to)
      .toArray()
      .map(({ day, gpu_ms, ...sums }) => ({ date: day, ...sums, gpu_seconds: gpu_ms / 1000 }));
  }
}
