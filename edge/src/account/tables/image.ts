import { LRUCache } from "lru-cache";
import type { Id } from "../../../../shared/ids.ts";
import type { ImageRow } from "../contract/images.ts";

type Row = {
  id: string;
  key: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  content_type: string;
  created_at: number;
  expires_at: number;
};

/** Maximum number of rows kept in memory: a photo is edited several times in a row. */
const KEPT_ROWS = 100;

/** Records of uploaded images; their bytes are in R2. */
export class ImageTable {
  readonly #sql: SqlStorage;
  /** Rows that were read. Nothing changes a row until it is removed. */
  readonly #kept = new LRUCache<string, ImageRow>({ max: KEPT_ROWS });
  /** When the oldest row expires; null if it must be read. Rows expire in row order. */
  #nextExpiry: number | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(image: ImageRow): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO images
         (id, key, sha256, bytes, width, height, content_type, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      image.id,
      image.key,
      image.sha256,
      image.bytes,
      image.width,
      image.height,
      image.contentType,
      image.createdAt,
      image.expiresAt,
    );
  }

  find(id: string): ImageRow | null {
    const kept = this.#kept.get(id);
    if (kept !== undefined) return kept;
    const row = this.#sql.exec<Row>("SELECT * FROM images WHERE id = ?", id).toArray()[0];
    if (row === undefined) return null;
    const image = imageOf(row);
    this.#kept.set(id, image);
    return image;
  }

  /** The oldest images that are past their retention. */
  expired(now: number, limit: number): ImageRow[] {
    return this.#sql
      .exec<Row>(
        "SELECT * FROM (SELECT * FROM images ORDER BY rowid LIMIT ?) WHERE expires_at <= ?",
        limit,
        now,
      )
      .toArray()
      .map(imageOf);
  }

  /** When the oldest image is past its retention; null if there is none. */
  nextExpiry(): number | null {
    this.#nextExpiry ??=
      this.#sql
        .exec<{ at: number }>("SELECT expires_at AS at FROM images ORDER BY rowid LIMIT 1")
        .toArray()[0]?.at ?? null;
    return this.#nextExpiry;
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM images WHERE id = ?", id);
    this.#kept.delete(id);
    this.#nextExpiry = null;
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#kept.clear();
    this.#nextExpiry = null;
  }
}

function imageOf({ id, content_type, created_at, expires_at, ...same }: Row): ImageRow {
  return {
    ...same,
    id: id as Id<"img">,
    contentType: content_type,
    createdAt: created_at,
    expiresAt: expires_at,
  };
}
