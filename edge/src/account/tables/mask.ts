import type { Id } from "../../../../shared/ids.ts";
import type { DerivedMask } from "../contract/images.ts";

/** A mask made from a photo, as it is stored. Times are Unix milliseconds. */
export interface StoredMaskRow extends DerivedMask {
  /** Until when a signed URL may write its object. */
  readonly writableUntil: number;
}

type Row = { cache_key: string; object: string; image: string; writable_until: number };

/** Stands for the image id that a located mask has not: part of the key, so not null. */
const LOCATED = "";

/** Masks made from photos, located and finished ones. Photos of the same bytes share theirs. */
export class MaskTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(
    { cacheKey, object, image }: DerivedMask,
    photo: { readonly sha256: string; readonly expiresAt: number },
    writableUntil: number,
  ): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO masks (cache_key, photo_sha256, object, image, expires_at, writable_until)
       VALUES (?, ?, ?, ?, ?, ?)`,
      cacheKey,
      photo.sha256,
      object,
      image ?? LOCATED,
      photo.expiresAt,
      writableUntil,
    );
  }

  /** Masks made from photos of these bytes; with `now`, only those that are past their time. */
  ofPhoto(sha256: string, now = Number.MAX_SAFE_INTEGER): StoredMaskRow[] {
    return this.#rows("photo_sha256 = ? AND expires_at <= ?", sha256, now);
  }

  /** The mask that can be used under this image id, and those that share its object: made anew after a lost cache. */
  ofImage(image: string): StoredMaskRow[] {
    return this.#rows("object IN (SELECT object FROM masks WHERE image = ?)", image);
  }

  remove({ cacheKey, image }: DerivedMask): void {
    this.#sql.exec("DELETE FROM masks WHERE cache_key = ? AND image = ?", cacheKey, image ?? LOCATED);
  }

  #rows(condition: string, ...values: (string | number)[]): StoredMaskRow[] {
    return this.#sql
      .exec<Row>(`SELECT cache_key, object, image, writable_until FROM masks WHERE ${condition}`, ...values)
      .toArray()
      .map((row) => ({
        cacheKey: row.cache_key,
        object: row.object,
        image: row.image === LOCATED ? null : (row.image as Id<"img">),
        writableUntil: row.writable_until,
      }));
  }
}
