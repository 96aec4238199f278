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

/** What is known of uploaded images; their bytes are in R2. */
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
    if (row === undefined) return null;
    const { id: found, content_type, created_at, expires_at, ...same } = row;
    return {
      ...same,
      id: found as Id<"img">,
      contentType: content_type,
      createdAt: created_at,
      expiresAt: expires_at,
    };
  }

  remove(id: string): void {
    this.#sql.exec("DELETE FROM images WHERE id = ?", id);
  }
}
