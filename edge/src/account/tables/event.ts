import type { Happening } from "../contract/reading.ts";

type Kind = Happening["kind"];

type Row = { id: number; kind: Kind; position: number | null };

/** An edit that waits is behind those accepted before it that wait, too: claimed is not yet begun. */
const AHEAD = `SELECT count(*) AS ahead FROM edits AS mine JOIN edits AS other
  ON other.status IN ('queued', 'running') AND (other.created_at, other.rowid) < (mine.created_at, mine.rowid)
  JOIN edit_events ON edit_events.edit = other.id AND edit_events.kind = 'queued' WHERE mine.id = ?`;

/**
 * The latest happening of each kind, for those who follow an edit. Ids grow by one an edit and are never used again
 * as long as it is there: the newest row stays.
 */
export class EventTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The edit enters another part of its life: what happened before it is no news any more. */
  begin(edit: string, kind: Exclude<Kind, "progress">): void {
    this.#put(edit, kind, null);
    this.#sql.exec("DELETE FROM edit_events WHERE edit = ? AND kind <> ?", edit, kind);
  }

  /** The run has begun; a second sign of it is none. False: it was known. */
  start(edit: string): boolean {
    if (this.#find(edit, "started") !== null) return false;
    this.begin(edit, "started");
    return true;
  }

  progress(edit: string): void {
    this.#put(edit, "progress", null);
  }

  waits(edit: string): boolean {
    return this.#find(edit, "queued") !== null;
  }

  /** What happened after an id, in order. Of an edit that waits, the place is looked up; a new one is news. */
  after(edit: string, id: number): Happening[] {
    this.#place(edit);
    const rows = this.#sql
      .exec<Row>("SELECT id, kind, position FROM edit_events WHERE edit = ? ORDER BY id", edit)
      .toArray();
    const since = id > (rows.at(-1)?.id ?? 0) ? 0 : id;
    return rows.filter((row) => row.id > since).map(happeningOf);
  }

  remove(edit: string): void {
    this.#sql.exec("DELETE FROM edit_events WHERE edit = ?", edit);
  }

  #place(edit: string): void {
    const known = this.#find(edit, "queued");
    if (known === null) return;
    const position = this.#sql.exec<{ ahead: number }>(AHEAD, edit).one().ahead + 1;
    if (known.position === position) return;
    if (known.position !== null) this.#put(edit, "queued", position);
    else
      this.#sql.exec(
        "UPDATE edit_events SET position = ? WHERE edit = ? AND kind = 'queued'",
        position,
        edit,
      );
  }

  #find(edit: string, kind: Kind): Row | null {
    const rows = this.#sql.exec<Row>(
      "SELECT id, kind, position FROM edit_events WHERE edit = ? AND kind = ?",
      edit,
      kind,
    );
    return rows.toArray()[0] ?? null;
  }

  #put(edit: string, kind: Kind, position: number | null): void {
    this.#sql.exec(
      `INSERT INTO edit_events (edit, kind, id, position)
       VALUES (?1, ?2, (SELECT coalesce(max(id), 0) + 1 FROM edit_events WHERE edit = ?1), ?3)
       ON CONFLICT (edit, kind) DO UPDATE SET id = excluded.id, position = excluded.position`,
      edit,
      kind,
      position,
    );
  }
}

function happeningOf({ id, kind, position }: Row): Happening {
  return kind === "queued" ? { id, kind, position: position ?? 1 } : { id, kind };
}
