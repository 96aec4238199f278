import { isFinal } from "../../../../shared/edit.ts";
import type { Id } from "../../../../shared/ids.ts";
import type { ClaimOutcome, FailOutcome, Run, RunError, RunNews, RunResult } from "../contract/edits.ts";
import type { EditNews, EditPage, EditQuery } from "../contract/reading.ts";
import { entriesOf, type Reporting } from "../outbox/entries.ts";
import type { AcceptedEdit } from "../tables/edit.ts";
import type { Left, StoredEdit } from "../tables/edit-row.ts";
import type { Tables } from "../tables/tables.ts";
import type { EventLog } from "./event-log.ts";
import * as life from "./lifecycle.ts";

type EditId = Id<"edit">;

/** An edit needs at least this share of the time expected for its kind: half of all edits take less than the median. */
const NEEDED_SHARE = 0.8;

/** Receives what happened to edits in the current transaction. */
export interface EditListener {
  final(id: EditId): void;
  /** An edit has news; null: the order of the waiting edits changed, which is news for all of them. */
  news(id: EditId | null): void;
  /** It is an edit's turn: the queue must get a message. */
  called(id: EditId): void;
  /** The account's unfinished edits changed. */
  load(): void;
  /** An edit must be checked by this time (Unix milliseconds), or earlier. */
  due(at: number): void;
}

/**
 * Changes of edits: the rules of `lifecycle.ts` applied to the tables, each change with its ledger row and its due
 * time. Methods must be called inside a transaction, except `report`.
 */
export class Edits {
  readonly #tables: Tables;
  readonly #listener: EditListener;
  readonly #reporting: () => Reporting;
  readonly #window: () => number;
  readonly #log: EventLog;

  /** @param window number of edits in the queue at a time; the others wait here until one of those ends */
  constructor(
    tables: Tables,
    log: EventLog,
    reporting: () => Reporting,
    window: () => number,
    listener: EditListener,
  ) {
    this.#tables = tables;
    this.#log = log;
    this.#reporting = reporting;
    this.#window = window;
    this.#listener = listener;
  }

  /** An edit whose content still exists; null if it is unknown or past its retention. */
  find(id: EditId, now: number): StoredEdit | null {
    const edit = this.stored(id);
    return edit === null || life.isErased(edit, now) ? null : edit;
  }

  /** The stored edit, even if it is past its retention. */
  stored(id: EditId): LiveEdit | null {
    const account = this.#tables.account.find();
    const edit = account === null ? null : this.#tables.edits.find(id, account.id);
    return edit === null ? null : this.#live(edit);
  }

  /** Adds a new edit to the line, and sends its first message at once if it is its turn. */
  accept(edit: AcceptedEdit, expiresAt: number, now: number): StoredEdit {
    const { account, waiting, edits } = this.#tables;
    const accepted = life.accepted(now, edit.input.deadline_ms, expiresAt);
    const job = waiting.isTurn(this.#window()) ? life.called(accepted, now) : accepted;
    const stored = edits.add(edit, account.get().id, job, now);
    this.#log.waits({ id: edit.id, status: job.status, attempt: job.attempt });
    this.#listener.due(life.dueAt(job));
    if (job !== accepted) this.#listener.called(edit.id);
    this.#listener.load();
    return this.#live(stored);
  }

  page(query: EditQuery, now: number): EditPage {
    return this.#tables.edits.page(query, this.#tables.account.get().id, now);
  }

  /** The events of an edit after the event with id `after`; null if it is unknown. */
  news(id: EditId, after: number, now: number): EditNews | null {
    const edit = this.find(id, now);
    if (edit === null) return null;
    return { edit, happenings: this.#log.after(edit, after, () => this.#position(id)) };
  }

  /** Sends the next waiting edits to the queue if it has room: called after an edit arrives and after one ends. */
  moveUp(now: number): void {
    const { waiting, edits } = this.#tables;
    for (const id of waiting.next(this.#window())) {
      const edit = this.#get(id);
      const job = life.called(edit, now);
      edits.move(edit, job, 0, null);
      this.#listener.due(life.dueAt(job));
      this.#listener.called(id);
    }
    this.#listener.load();
  }

  /** The latest edit created with a token, if its content still exists. */
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
    const locatedBefore = this.#tables.masks.anyOf(stored.input.image.sha256);
    return { outcome: "claimed", attempt: next.attempt, edit: this.#get(id), provenance, locatedBefore };
  }

  /**
   * A heartbeat. It is kept in memory, and the lease is written only once it is half over. Neither the due time nor the
   * alarm moves with it: they check again when the previous lease is over.
   */
  report(run: Run, news: RunNews, now: number): { proceed: boolean } {
    const edit = this.stored(run.edit);
    const next = edit === null ? null : life.renew(edit, run.attempt, now);
    if (edit === null || next === null || next.leaseUntil === null) return { proceed: false };
    const progress = news === "started" ? null : news;
    const begun = news !== null && progress?.phase !== "load";
    if (begun && this.#log.start(edit)) this.#listener.news(null);
    this.#log.renew(edit, next.leaseUntil, progress);
    if (progress !== null) this.#listener.news(run.edit);
    if (next.leaseUntil - edit.leaseWrittenUntil >= life.LEASE_MS / 2)
      this.#tables.edits.renew(run.edit, next.leaseUntil);
    return { proceed: true };
  }

  succeed(run: Run, { model, timings, ...outcome }: RunResult, now: number): boolean {
    const edit = this.stored(run.edit);
    const next = edit === null ? null : life.succeed(edit, run.attempt, now);
    if (edit === null || next === null) return false;
    const queue_ms = (edit.startedAt ?? now) - edit.createdAt;
    const total_ms = now - edit.createdAt;
    const left = { outcome: { ...outcome, timings: { queue_ms, ...timings, total_ms } }, model };
    this.#move(edit, next, now, left, timings.mask_ms + timings.inversion_ms + timings.edit_ms);
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

  /**
   * Edits that are due: past a lease, a wait for a claim, or a deadline. Those to be sent again are sent to the queue.
   * Only these are read: with thousands in line, reading all of them would hold up every request of the account.
   */
  wakeAll(now: number): void {
    const due = this.#tables.waiting.due(now);
    this.#listener.due(due.nextAt);
    for (const id of due.edits) {
      const edit = this.#get(id);
      const woken = life.wake(edit, now);
      if (woken === null) this.#listener.due(life.dueAt(edit));
      else {
        this.#move(edit, woken.job, now);
        if (woken.effect === "send") this.#listener.called(edit.id);
      }
    }
  }

  /**
   * An edit on which the GPU would work in vain while others wait. An edit alone in line always runs: if its pace was
   * measured wrong, it is measured again.
   */
  #pastHelp(job: life.Job, credits: number, now: number): life.Job | null {
    const { waiting } = this.#tables;
    const msPerCredit = waiting.unfinished().count > 1 ? waiting.msPerCredit() : null;
    return msPerCredit === null ? null : life.tooLate(job, NEEDED_SHARE * msPerCredit * credits, now);
  }

  #get(id: EditId): LiveEdit {
    const edit = this.stored(id);
    if (edit === null) throw new Error("an edit is gone that was just written");
    return edit;
  }

  /** The edit with what memory knows of it: its progress and its lease. */
  #live(edit: StoredEdit): LiveEdit {
    if (edit.status !== "running") return { ...edit, leaseWrittenUntil: 0 };
    const leaseUntil = Math.max(edit.leaseUntil ?? 0, this.#log.leaseUntil(edit.id) ?? 0);
    return {
      ...edit,
      leaseUntil,
      leaseWrittenUntil: edit.leaseUntil ?? 0,
      progress: this.#log.progress(edit.id),
    };
  }

  /** The place of an edit among those that wait. */
  #position(id: EditId): number {
    const ahead = this.#tables.waiting.before(id).filter((edit) => this.#log.isWaiting(edit));
    return ahead.length + 1;
  }

  /** @param gpuMs GPU time of its run; by default the time since its claim, for a run that ends here */
  #move(
    before: StoredEdit,
    after: life.Job,
    now: number,
    left: Left | null = null,
    gpuMs = before.status === "running" ? now - (before.startedAt ?? now) : 0,
  ): void {
    const { edits, ledger, outbox, usage } = this.#tables;
    const final = isFinal(after);
    const captured = final ? life.capturedOf(before, after, before.credits, before.progress) : 0;
    edits.move(before, after, captured, left);
    this.#announce(before, after);
    if (!final) {
      this.#listener.due(life.dueAt(after));
      return;
    }
    const row = ledger.settle(before.id, { state: "open", amount: before.credits }, captured, now);
    const succeeded = after.status === "succeeded";
    outbox.add(entriesOf(before, { succeeded, captured, row }, this.#reporting(), now), now);
    usage.add({ succeeded, credits: captured, gpuMs }, now);
    this.#listener.final(before.id);
    this.moveUp(now);
  }

  /** A claim is not news, since a busy GPU gives it back. The run reports when it has started. */
  #announce(before: StoredEdit, after: life.Job): void {
    const { id } = before;
    if (isFinal(after)) this.#log.forget(id);
    else if (after.status === "queued") {
      this.#log.endLease(id);
      this.#log.waits({ id, ...after });
    } else {
      if (after.attempt !== before.attempt) this.#log.endLease(id);
      return;
    }
    this.#listener.news(null);
  }
}

/** An edit as of now, with the expiry of its stored lease. */
type LiveEdit = StoredEdit & { readonly leaseWrittenUntil: number };
