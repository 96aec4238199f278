import type { Id } from "../../../../shared/ids.ts";
import { isId } from "../../../../shared/ids.ts";
import { OUTBOX } from "../outbox/deliveries.ts";
import type { Due } from "../tables/due.ts";
import type { Tables } from "../tables/tables.ts";
import type { Edits } from "./edits.ts";
import type { Erasure } from "./erasure.ts";
import { loggable } from "./gpu-memory.ts";

/** What serving a due row may touch. */
export interface DueContext {
  readonly tables: Tables;
  readonly edits: Edits;
  readonly erasure: Erasure;
  /** Runs a step in one transaction. */
  change<T>(step: (now: number) => T): T;
  /** Sends the queue a message for an edit. */
  send(id: Id<"edit">): Promise<unknown>;
  /** Starts what is due in the outbox; nobody waits for it. */
  deliver(): void;
}

const ROWS_A_ROUND = 100;

/**
 * Serves what is due, a row after the other. A row is put off with growing delay before it is served, so that an
 * error in one neither stops the others nor comes back at once.
 */
export async function serveDue(context: DueContext): Promise<void> {
  const { tables, change } = context;
  for (const row of change((now) => tables.due.ready(now, ROWS_A_ROUND))) {
    const until = change((now) => tables.due.postpone(row, now));
    try {
      await serve(context, row, until);
    } catch (error) {
      console.error(
        JSON.stringify({ event: "due_failed", subject: loggable(row.subject), error: String(error) }),
      );
    }
  }
}

async function serve(context: DueContext, { subject }: Due, until: number): Promise<void> {
  if (isId("edit", subject)) return serveEdit(context, subject);
  if (isId("img", subject)) return expireImage(context, subject);
  if (subject === "idempotency") return forgetAnswers(context);
  if (subject === OUTBOX) return context.deliver();
  await context.erasure.subject(subject);
  context.change(() => context.tables.due.remove(subject, until));
}

async function serveEdit({ edits, erasure, change, send }: DueContext, id: Id<"edit">): Promise<void> {
  const effect = change((now) => edits.wake(id, now));
  if (effect === "send") await send(id);
  if (effect === "erase") await erasure.expireEdit(id);
}

/** An image outlives its retention as long as an accepted edit may still read it. */
async function expireImage({ tables, erasure, change }: DueContext, id: Id<"img">): Promise<void> {
  const until = tables.edits.lastUseOf(id);
  if (until !== null) return change(() => tables.due.set(id, until));
  await erasure.expireImage(id);
}

function forgetAnswers({ tables, change }: DueContext): void {
  change((now) => {
    const next = tables.idempotency.sweep(now);
    if (next === null) tables.due.remove("idempotency");
    else tables.due.set("idempotency", next);
  });
}
