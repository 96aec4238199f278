import type { Due } from "../tables/due.ts";
import type { Tables } from "../tables/tables.ts";
import type { Edits } from "./edits.ts";
import type { Erasure } from "./erasure.ts";
import { loggable } from "./gpu-memory.ts";

/** What the due work may use. */
export interface DueContext {
  readonly tables: Tables;
  readonly edits: Edits;
  readonly erasure: Erasure;
  /** Runs a step in one transaction. */
  change<T>(step: (now: number) => T): T;
  /** Archives a part of the ledger; returns when to continue. */
  archive(): Promise<number>;
  /** Starts the due entries of the outbox; no caller waits for it. */
  deliver(): void;
}

/** The due-time subject of the ledger's archive. */
export const LEDGER = "ledger";

const ROWS_A_ROUND = 100;

/** Subjects of different kinds are processed concurrently, this many at a time: storage has six connections. */
const AT_A_TIME = 6;

/** Leases and deliveries are looked at this often while the rest is worked on, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Processes everything that is due. Leases and deliveries come first, and again every second: storage may take its time
 * to erase, and an object has one alarm.
 */
export async function serveDue(context: DueContext): Promise<void> {
  const { edits, change, deliver } = context;
  const serveLeases = () => {
    change((now) => edits.wakeAll(now));
    deliver();
  };
  serveLeases();
  const looking = setInterval(serveLeases, LOOK_MS);
  try {
    await sweep(context);
  } finally {
    clearInterval(looking);
  }
}

/**
 * Erases a batch of expired content, then serves the rows of the due table. A row is postponed with growing delay before
 * it is processed, so that an error in one neither stops the others nor recurs at once.
 */
async function sweep(context: DueContext): Promise<void> {
  const { tables, erasure, change } = context;
  await erasure.expire();
  const rows = change((now) =>
    tables.due.ready(now, ROWS_A_ROUND).map((row) => ({ row, until: tables.due.postpone(row, now) })),
  );
  for (let start = 0; start < rows.length; start += AT_A_TIME)
    await Promise.all(
      rows.slice(start, start + AT_A_TIME).map(({ row, until }) => serve(context, row, until)),
    );
}

async function serve(
  { tables, erasure, change, archive }: DueContext,
  { subject }: Due,
  until: number,
): Promise<void> {
  try {
    if (subject === "idempotency") return forgetAnswers({ tables, change });
    if (subject === LEDGER) {
      const next = await archive();
      return change(() => tables.due.set(LEDGER, next));
    }
    await erasure.subject(subject);
    change(() => tables.due.remove(subject, until));
  } catch (error) {
    console.error(JSON.stringify({ event: "due_failed", subject: loggable(subject), error: String(error) }));
  }
}

function forgetAnswers({ tables, change }: Pick<DueContext, "tables" | "change">): void {
  change((now) => {
    const next = tables.idempotency.sweep(now);
    if (next === null) tables.due.remove("idempotency");
    else tables.due.set("idempotency", next);
  });
}
