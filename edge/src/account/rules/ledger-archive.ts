import type { Tables } from "../tables/tables.ts";

/** Entries of this many whole days stay in the object. */
const DAYS = 7;
const DAY_MS = 86_400_000;

/** Entries archived in one step: a few megabytes, and a transaction of well under a second. */
const STEP = 5_000;

interface ArchiveContext {
  readonly tables: Pick<Tables, "account" | "ledger" | "outbox">;
  readonly bucket: R2Bucket;
  /** Runs a step in one transaction. */
  change<T>(step: (now: number) => T): T;
}

/**
 * Moves old ledger entries to R2, as lines of JSON under `ledgers/<account>/<day>/`, and replaces them by one entry a
 * day: its change is their sum, and its balance is that of the last of them. The file is written first; an interrupted
 * step is repeated and writes the same file. Captures that are not metered yet stay: the outbox reads them here.
 * @returns when to continue, Unix milliseconds
 */
export async function archiveLedger(
  { tables, bucket, change }: ArchiveContext,
  now: number,
): Promise<number> {
  const today = now - (now % DAY_MS);
  const entries = tables.ledger.oldest(today - DAYS * DAY_MS, tables.outbox.unmeteredFrom(), STEP);
  const [first] = entries;
  if (first === undefined) return today + DAY_MS;
  const day = new Date(first.at).toISOString().slice(0, 10);
  const others = entries.findIndex(({ at }) => new Date(at).toISOString().slice(0, 10) !== day);
  const ofDay = others < 0 ? entries : entries.slice(0, others);
  const lines = ofDay.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  await bucket.put(`ledgers/${tables.account.get().id}/${day}/${first.seq}.ndjson`, lines);
  change(() => tables.ledger.rollUp(day, ofDay));
  return now;
}
