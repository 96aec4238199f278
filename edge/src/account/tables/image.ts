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

/** Records of uploaded images; their bytes are in R2. */
export class ImageTable {
  readonly #sql: SqlStorage;

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
    const row = this.#sql.exec<Row>("SELECT * FROM images WHERE id = ?", id).toArray()[0];
    return row === undefined ? null : imageOf(row);
  }

  /** The oldest images that are past their retention. */
  expired(now: number, limit: number): ImageRow[] {
    return this.#sql
      .exec<Row>("SELECT * FROM images ORDER BY rowid LIMIT ?", limit)
      .toArray()
      .map(imageOf)
      .filter(({ expiresAt }) => expiresAt <= now);
  }

  /** When the oldest image is past its retention; null if there is none. */
  nextExpiry(): number | null {
    const [oldest] = this.#sql
      .exec<{ at: number }>("SELECT expires_at AS at FROM images ORDER BY rowid LIMIT 1")
      .toArray();
    return oldest?.at ?? null;
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM images WHERE id = ?", id);
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
