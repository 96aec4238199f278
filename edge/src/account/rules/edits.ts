import type { Id } from "../../../../shared/ids.ts";
import type { ClaimOutcome, FailOutcome, Run, RunError, RunNews, RunResult } from "../contract/edits.ts";
import type { EditNews, EditPage, EditQuery } from "../contract/reading.ts";
import { OUTBOX } from "../outbox/deliveries.ts";
import { entriesOf, type Reporting } from "../outbox/entries.ts";
import type { StoredEdit } from "../tables/edit.ts";
import type { Tables } from "../tables/tables.ts";
import * as life from "./lifecycle.ts";

type EditId = Id<"edit">;

/** Of the time that an edit like it takes, an edit needs this share at least: half of all take less than the middle one. */
const NEEDED_SHARE = 0.8;

/** Hears of what happened to edits in the transaction under way. */
export interface EditListener {
  final(id: EditId): void;
  /** There is something new of an edit; null: of the order in which edits wait, so of all that do. */
  news(id: EditId | null): void;
  /** It is an edit's turn: the queue is to have a message. */
  called(id: EditId): void;
  /** What waits together is another. */
  load(): void;
}

/**
 * What happens to edits: the rules of `lifecycle.ts` applied to the tables, each change with its row in the ledger
 * and its due time. Methods belong inside a transaction.
 */
export class Edits {
  readonly #tables: Tables;
  readonly #listener: EditListener;
  readonly #reporting: () => Reporting;
  readonly #window: () => number;

  /** @param window edits that are in the queue at a time; the others wait here until one of those has ended */
  constructor(tables: Tables, reporting: () => Reporting, window: () => number, listener: EditListener) {
    this.#tables = tables;
    this.#reporting = reporting;
    this.#window = window;
    this.#listener = listener;
  }

  /** An edit whose content is there; null where it is unknown or past its retention. */
  find(id: EditId, now: number): StoredEdit | null {
    const edit = this.stored(id);
    return edit === null || life.isErased(edit, now) ? null : edit;
  }

  /** An edit as it is stored, past its retention or not. */
  stored(id: EditId): StoredEdit | null {
    const account = this.#tables.account.find();
    return account === null ? null : this.#tables.edits.find(id, account.id);
  }

  page(query: EditQuery, now: number): EditPage {
    return this.#tables.edits.page(query, this.#tables.account.get().id, now);
  }

  /** What happened to an edit after the happening with id `after`; null where it is unknown. */
  news(id: EditId, after: number, now: number): EditNews | null {
    const edit = this.find(id, now);
    return edit === null ? null : { edit, happenings: this.#tables.events.after(id, after) };
  }

  /** Calls the next edits in line, where there is room in the queue: after an edit came, and after one ended. */
  moveUp(now: number): void {
    const { waiting, edits, due } = this.#tables;
    for (const id of waiting.next(this.#window())) {
      const job = life.called(this.#get(id), now);
      edits.move(id, job);
      due.set(id, life.dueAt(job));
      this.#listener.called(id);
    }
    this.#listener.load();
  }

  /** The latest edit that a token made, if its content is there. */
  madeWith(token: string, now: number): StoredEdit | null {
    const id = this.#tables.edits.madeWith(token);
    return id === null ? null : this.find(id, now);
  }

  cancel(id: EditId, now: number): StoredEdit | null {
    const edit = this.find(id, now);
    const next = edit === null ? null : life.cancel(edit, now);
    if (edit !== null && next !== null) this.#move(edit, next, now);
    return this.find(id, now);
  }

  claim(id: EditId, now: number): ClaimOutcome {
    const stored = this.stored(id);
    if (stored === null) return { outcome: "settled" };
    const woken = life.wake(stored, now)?.job ?? stored;
    const lapsed = this.#pastHelp(woken, stored.credits, now) ?? woken;
    const next = life.claim(lapsed, now);
    if ("outcome" in next) {
      if (lapsed !== stored) this.#move(stored, lapsed, now);
      return next;
    }
    this.#move(stored, next, now);
    const provenance = this.#tables.account.provenance();
    return { outcome: "claimed", attempt: next.attempt, edit: this.#get(id), provenance };
  }

  /** Neither due time nor alarm move with a lease: they look again when the lease as it was is over. */
  report(run: Run, news: RunNews, now: number): { proceed: boolean } {
    const edit = this.stored(run.edit);
    const next = edit === null ? null : life.renew(edit, run.attempt, now);
    if (next === null) return { proceed: false };
    const { edits, events } = this.#tables;
    const progress = news === "started" ? null : news;
    edits.renew(run.edit, next.leaseUntil, progress);
    const begun = news !== null && progress?.phase !== "load";
    if (begun && events.start(run.edit)) this.#listener.news(null);
    if (progress !== null) {
      events.progress(run.edit);
      this.#listener.news(run.edit);
    }
    return { proceed: true };
  }

  succeed(run: Run, { model, timings, ...outcome }: RunResult, now: number): boolean {
    const edit = this.stored(run.edit);
    const next = edit === null ? null : life.succeed(edit, run.attempt, now);
    if (edit === null || next === null) return false;
    const queue_ms = (edit.startedAt ?? now) - edit.createdAt;
    const total_ms = now - edit.createdAt;
    this.#tables.edits.keepOutcome(
      edit.id,
      { ...outcome, timings: { queue_ms, ...timings, total_ms } },
      model,
    );
    this.#move(edit, next, now, timings.mask_ms + timings.inversion_ms + timings.edit_ms);
    return true;
  }

  fail(run: Run, error: RunError, now: number): FailOutcome {
    const edit = this.stored(run.edit);
    const failed = edit === null ? null : life.fail(edit, run.attempt, error, now);
    if (edit === null || failed === null) return { outcome: "failed" };
    this.#move(edit, failed.job, now);
    if (failed.delaySeconds === null) return { outcome: "failed" };
    return { outcome: "retry", delaySeconds: failed.delaySeconds };
  }

  giveBack(run: Run, delaySeconds: number, now: number): void {
    const edit = this.stored(run.edit);
    const next = edit === null ? null : life.giveBack(edit, run.attempt, delaySeconds, now);
    if (edit !== null && next !== null) this.#move(edit, next, now);
  }

  giveUp(id: EditId, now: number): void {
    const edit = this.stored(id);
    const next = edit === null ? null : life.giveUp(edit, now);
    if (edit !== null && next !== null) this.#move(edit, next, now);
  }

  /** What time did to an edit; the answer says what is to be done about it outside. */
  wake(id: EditId, now: number): life.Wake["effect"] {
    const edit = this.stored(id);
    if (edit === null) {
      this.#tables.due.remove(id);
      return null;
    }
    const woken = life.wake(edit, now);
    if (woken === null) this.#tables.due.set(id, life.dueAt(edit));
    else if (woken.job !== edit) this.#move(edit, woken.job, now);
    return woken?.effect ?? null;
  }

  /**
   * An edit that the GPU would work on in vain, while others wait. One that is alone always runs: should its pace have
   * been measured wrong, it is measured again.
   */
  #pastHelp(job: life.Job, credits: number, now: number): life.Job | null {
    const { waiting } = this.#tables;
    const msPerCredit = waiting.unfinished().count > 1 ? waiting.msPerCredit() : null;
    return msPerCredit === null ? null : life.tooLate(job, NEEDED_SHARE * msPerCredit * credits, now);
  }

  #get(id: EditId): StoredEdit {
    const edit = this.stored(id);
    if (edit === null) throw new Error("an edit is gone that was just written");
    return edit;
  }

  #move(before: StoredEdit, after: life.Job, now: number, gpuMs = 0): void {
    const { edits, ledger, due, outbox, usage } = this.#tables;
    edits.move(before.id, after);
    due.set(before.id, life.dueAt(after));
    this.#announce(before.id, after);
    const settlement = life.settlementOf(after.status);
    if (settlement === null) return;
    ledger.settle(before.id, settlement, now);
    const succeeded = settlement === "capture";
    outbox.add(entriesOf(before, succeeded, this.#reporting()), now);
    const leavesAt = outbox.earliest();
    if (leavesAt !== null) due.set(OUTBOX, leavesAt);
    usage.add({ succeeded, credits: succeeded ? before.credits : 0, gpuMs }, now);
    this.#listener.final(before.id);
    this.moveUp(now);
  }

  /** A claim is no news: a busy GPU gives it back. The run says when it has begun. */
  #announce(id: EditId, after: life.Job): void {
    const { events } = this.#tables;
    if (life.isFinal(after)) events.begin(id, "final");
    else if (after.status === "queued" && !events.waits(id)) events.begin(id, "queued");
    else return;
    this.#listener.news(null);
  }
}
