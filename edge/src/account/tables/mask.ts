import { LRUCache } from "lru-cache";
import type { Id } from "../../../../shared/ids.ts";
import type { DerivedMask } from "../contract/images.ts";

/** A mask made from a photo, as stored. Times are Unix milliseconds. */
export interface StoredMaskRow extends DerivedMask {
  readonly photoSha256: string;
  /** Until when a signed URL may write its object. */
  readonly writableUntil: number;
}

type Row = { photo_sha256: string; cache_key: string; object: string; image: string; writable_until: number };

/** Placeholder for the image id that a located mask does not have: it is part of the key, so it is not null. */
const LOCATED = "";

/** Maximum number of answers kept in memory: the same regions of a photo are edited several times in a row. */
const KEPT_ANSWERS = 100;

/** Masks made from photos, located and finished. Photos with the same bytes share theirs. */
export class MaskTable {
  readonly #sql: SqlStorage;
  /** Photos, and their masks by name, of which a row was read. It stays until it is removed. */
  readonly #known = new LRUCache<string, true>({ max: KEPT_ANSWERS });

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

  /** Masks made from photos with these bytes; with `now`, only the expired ones. */
  ofPhoto(sha256: string, now = Number.MAX_SAFE_INTEGER): StoredMaskRow[] {
    return this.#rows("photo_sha256 = ? AND expires_at <= ?", sha256, now);
  }

  /** The mask usable under this image id, and masks that share its object: made again after a lost cache entry. */
  ofImage(image: string): StoredMaskRow[] {
    return this.#rows(
      "(photo_sha256, cache_key) IN (SELECT photo_sha256, cache_key FROM masks WHERE image = ?)",
      image,
    );
  }

  /** Whether any mask was made, or is being made, from photos with these bytes. */
  anyOf(photoSha256: string): boolean {
    return this.#exists(photoSha256, "photo_sha256 = ?", photoSha256);
  }

  /** Whether a mask of this name was located, or is being located, on a photo with these bytes. */
  has(photoSha256: string, cacheKey: string): boolean {
    const name = nameOf(photoSha256, cacheKey);
    return this.#exists(name, "photo_sha256 = ? AND cache_key = ?", photoSha256, cacheKey);
  }

  /** Whether the mask usable under this image id was made from a photo with these bytes. */
  wasMadeFrom(image: string, photoSha256: string): boolean {
    return (
      this.#sql.exec("SELECT 1 FROM masks WHERE image = ? AND photo_sha256 = ?", image, photoSha256).toArray()
        .length > 0
    );
  }

  remove({ photoSha256, cacheKey, image }: StoredMaskRow): void {
    this.#sql.exec(
      "DELETE FROM masks WHERE photo_sha256 = ? AND cache_key = ? AND image = ?",
      photoSha256,
      cacheKey,
      image ?? LOCATED,
    );
    this.#known.delete(photoSha256);
    this.#known.delete(nameOf(photoSha256, cacheKey));
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#known.clear();
  }

  #exists(name: string, condition: string, ...values: string[]): boolean {
    if (this.#known.get(name)) return true;
    const rows = this.#sql.exec(`SELECT 1 FROM masks WHERE ${condition} LIMIT 1`, ...values).toArray();
    if (rows.length > 0) this.#known.set(name, true);
    return rows.length > 0;
  }

  #rows(condition: string, ...values: (string | number)[]): StoredMaskRow[] {
    return this.#sql
      .exec<Row>(
        `SELECT photo_sha256, cache_key, object, image, writable_until FROM masks WHERE ${condition}`,
        ...values,
      )
      .toArray()
      .map((row) => ({
        photoSha256: row.photo_sha256,
        cacheKey: row.cache_key,
        object: row.object,
        image: row.image === LOCATED ? null : (row.image as Id<"img">),
        writableUntil: row.writable_until,
      }));
  }
}

const nameOf = (photoSha256: string, cacheKey: string) => `${photoSha256} ${cacheKey}`;
