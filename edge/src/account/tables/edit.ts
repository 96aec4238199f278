import { LRUCache } from "lru-cache";
import type { EditStatus } from "../../../../shared/edit.ts";
import type { Id } from "../../../../shared/ids.ts";
import type { EditInput, NewEdit } from "../contract/edits.ts";
import type { EditPage, EditQuery } from "../contract/reading.ts";
import type { Job } from "../rules/lifecycle.ts";
import { editOf, type Left, NO_OUTCOME, type Outcome, type Row, type StoredEdit } from "./edit-row.ts";
import type { WaitingTable } from "./waiting.ts";

/** A new edit whose pictures were looked up. */
export type AcceptedEdit = Omit<NewEdit, "input"> & { readonly input: EditInput };

/** In the order of the values in `move`. */
const LIFE =
  "status = ?, attempt = ?, spent = ?, lease_until = ?, not_before = ?, send_at = ?, sends = ?, started_at = ?";

/** Maximum number of edits kept in memory: those that run, have just ended, or are polled. */
const KEPT_EDITS = 100;

/** Edits by id. */
export class EditTable {
  readonly #sql: SqlStorage;
  readonly #line: WaitingTable;
  /** Edits as `find` reads them: a run asks for its own at its claim, with each report and at its end. */
  readonly #kept = new LRUCache<string, StoredEdit>({ max: KEPT_EDITS });
  /** When the oldest row expires; null if it must be read. Nothing changes it until that row is removed. */
  #nextExpiry: number | null = null;

  /** @param line is notified of every write */
  constructor(sql: SqlStorage, line: WaitingTable) {
    this.#sql = sql;
    this.#line = line;
  }

  /** @returns the edit as `find` would read it */
  add(edit: AcceptedEdit, account: Id<"acct">, job: Job, now: number): StoredEdit {
    const { id, input, credits, model } = edit;
    const token = edit.token?.id ?? null;
    const [inputJson, modelJson] = [JSON.stringify(input), JSON.stringify(model)];
    this.#sql.exec(
      `INSERT INTO edits
         (id, status, attempt, spent, not_before, send_at, sends, deadline_at, created_at, expires_at, credits,
          input_json, model_json, token)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      job.status,
      job.attempt,
      job.spent,
      job.notBefore,
      job.sendAt,
      job.sends,
      job.deadlineAt,
      now,
      job.expiresAt,
      credits,
      inputJson,
      modelJson,
      token,
    );
    this.#line.moved({ id, credits, ...job });
    const given = { id, account, token, input, model, credits, createdAt: now };
    const added = { ...job, ...given, ...NO_OUTCOME, captured: 0, progress: null };
    // its run begins at once; those that wait in line would only push out others
    if (job.sends > 0)
      this.#kept.set(id, { ...added, input: JSON.parse(inputJson), model: JSON.parse(modelJson) });
    return added;
  }

  find(id: string, account: Id<"acct">): StoredEdit | null {
    const kept = this.#kept.get(id);
    if (kept !== undefined) return kept;
    const row = this.#sql.exec<Row>("SELECT * FROM edits WHERE id = ?", id).toArray()[0];
    if (row === undefined) return null;
    const edit = editOf(row, account);
    this.#kept.set(id, edit);
    return edit;
  }

  /** Edits whose content still exists, newest first, in row order. */
  page({ limit, below, status }: EditQuery, account: Id<"acct">, now: number): EditPage {
    const rows = this.#sql
      .exec<Row & { row: number }>(
        `SELECT rowid AS row, * FROM edits WHERE rowid < ?
           AND (expires_at > ? OR finished_at IS NULL) ${ofStatus(status)}
         ORDER BY rowid DESC LIMIT ?`,
        below?.row ?? Number.MAX_SAFE_INTEGER,
        now,
        limit + 1,
      )
      .toArray();
    const shown = rows.slice(0, limit);
    const end = rows.length > limit ? shown.at(-1) : undefined;
    return {
      edits: shown.map((row) => editOf(row, account)),
      next: end === undefined ? null : { createdAt: end.created_at, row: end.row },
    };
  }

  anyOpen(): boolean {
    return this.#sql.exec("SELECT 1 FROM edits WHERE finished_at IS NULL LIMIT 1").toArray().length > 0;
  }

  /** The oldest edits that are past their retention; open ones excluded. */
  expired(account: Id<"acct">, now: number, limit: number): StoredEdit[] {
    return this.#sql
      .exec<Row>(
        `SELECT * FROM (SELECT * FROM edits ORDER BY rowid LIMIT ?)
         WHERE finished_at IS NOT NULL AND expires_at <= ?`,
        limit,
        now,
      )
      .toArray()
      .map((row) => editOf(row, account));
  }

  /** When the oldest edit is past its retention; null if there is none. */
  nextExpiry(): number | null {
    this.#nextExpiry ??=
      this.#sql.exec<{ at: number }>("SELECT expires_at AS at FROM edits ORDER BY rowid LIMIT 1").toArray()[0]
        ?.at ?? null;
    return this.#nextExpiry;
  }

  /** Edits that use an image as photo or mask. */
  ofImage(image: string): Id<"edit">[] {
    return this.#sql
      .exec<{ id: string }>(
        `SELECT id FROM edits WHERE json_extract(input_json, '$.image.id') = ?
         UNION SELECT id FROM edits WHERE json_extract(input_json, '$.mask.id') IS NOT NULL
           AND json_extract(input_json, '$.mask.id') = ?`,
        image,
        image,
      )
      .toArray()
      .map(({ id }) => id as Id<"edit">);
  }

  /** The latest edit created with a token. */
  madeWith(token: string): Id<"edit"> | null {
    const row = this.#sql
      .exec<{ id: string }>(
        "SELECT id FROM edits WHERE token = ? ORDER BY created_at DESC, rowid DESC LIMIT 1",
        token,
      )
      .toArray()[0];
    return row === undefined ? null : (row.id as Id<"edit">);
  }

  /** Stores a change in an edit's life, and its run's data. */
  move(
    { id, credits }: Pick<StoredEdit, "id" | "credits">,
    job: Job,
    captured: number,
    left: Left | null,
  ): void {
    const { status, attempt, spent, leaseUntil, notBefore, sendAt, sends, startedAt, finishedAt, error } =
      job;
    const moved = { status, attempt, spent, leaseUntil, notBefore, sendAt, sends, startedAt };
    const life = Object.values(moved);
    // only the end may name `finished_at`: SQLite writes the index of open edits anew whenever a statement does
    if (finishedAt === null) {
      this.#sql.exec(`UPDATE edits SET ${LIFE} WHERE id = ?`, ...life, id);
      this.#changed(id, moved);
    } else {
      const errorJson = error && JSON.stringify(error);
      const outcomeJson = left && JSON.stringify(left.outcome);
      const modelJson = left && JSON.stringify(left.model);
      this.#sql.exec(
        `UPDATE edits SET ${LIFE}, finished_at = ?, error_json = ?, captured = ?, outcome_json = ?,
           model_json = coalesce(?, model_json) WHERE id = ?`,
        ...life,
        finishedAt,
        errorJson,
        captured,
        outcomeJson,
        modelJson,
        id,
      );
      const outcome: Outcome = outcomeJson === null ? NO_OUTCOME : JSON.parse(outcomeJson);
      this.#changed(id, {
        ...moved,
        ...outcome,
        ...(modelJson !== null && { model: JSON.parse(modelJson) }),
        finishedAt,
        captured,
        error: errorJson && JSON.parse(errorJson),
      });
    }
    this.#line.moved({ ...job, id, credits });
  }

  renew(id: string, leaseUntil: number): void {
    this.#sql.exec("UPDATE edits SET lease_until = ? WHERE id = ?", leaseUntil, id);
    this.#changed(id, { leaseUntil });
  }

  /** Until when an open edit may still read an image, as photo or mask; null if none does. */
  lastUseOf(image: string): number | null {
    return this.#sql
      .exec<{ until: number | null }>(
        `SELECT max(deadline_at) AS until FROM edits WHERE finished_at IS NULL
           AND ? IN (json_extract(input_json, '$.image.id'), json_extract(input_json, '$.mask.id'))`,
        image,
      )
      .one().until;
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM edits WHERE id = ?", id);
    this.#line.removed(id);
    this.#kept.delete(id);
    this.#nextExpiry = null;
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#line.forget();
    this.#kept.clear();
    this.#nextExpiry = null;
  }

  /** What a statement changed of an edit, as it would be read. */
  #changed(id: string, changes: Partial<StoredEdit>): void {
    const kept = this.#kept.get(id);
    if (kept !== undefined) this.#kept.set(id, { ...kept, ...changes });
  }
}

/** Every status has its own index, except the most frequent one. */
function ofStatus(status: EditStatus | null): string {
  if (status === null) return "";
  const index = {
    queued: "AND finished_at IS NULL",
    running: "AND finished_at IS NULL",
    failed: "AND status IN ('failed', 'canceled')",
    canceled: "AND status IN ('failed', 'canceled')",
    succeeded: "",
  }[status];
  return `${index} AND status = '${status}'`;
}
