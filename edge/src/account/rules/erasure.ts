import type { Id } from "../../../../shared/ids.ts";
import type { Settings } from "../../env.ts";
import type { MaskCache } from "../../masks/cache.ts";
import type { DerivedMask } from "../contract/images.ts";
import { RUN_OBJECTS } from "../contract/run-objects.ts";
import type { StoredEdit } from "../tables/edit-row.ts";
import type { StoredMaskRow } from "../tables/mask.ts";
import type { Tables } from "../tables/tables.ts";
import type { Edits } from "./edits.ts";
import {
  askedFor,
  forget,
  forgetSubject,
  heldUntil,
  type Remembered,
  readForgetSubject,
} from "./gpu-memory.ts";
import { writableUntil } from "./lifecycle.ts";
import { claimedUntil, eraseUnclaimed, isPhotoFolder, photoFolder } from "./unclaimed-photos.ts";

type ImageId = Id<"img">;
type EditId = Id<"edit">;

/** Subjects in the table of due times: the name of a mask in the cache, and objects to be erased again. */
const CACHED = "mask:";
const AGAIN = "again ";

/** When the alarm checks on an immediate erasure, in case of a crash or a refusal by storage. */
const RETRY_MS = 10_000;

/** A write that started in time may end this much later: the GPU function allows an upload 20 s. */
const UPLOAD_MS = 60_000;

/** Maximum number of concurrent erasures in storage. */
const AT_A_TIME = 6;

interface ErasureContext {
  readonly tables: Tables;
  readonly edits: Edits;
  readonly images: R2Bucket;
  settings(): Settings;
  cache(): MaskCache;
  /** Runs a step in one transaction. */
  change<T>(step: (now: number) => T): T;
}

/** Number of expired edits, and of images, that are erased in one round. */
const BATCH = 200;

/** Maximum number of keys that R2 deletes in one call. */
const KEYS_A_CALL = 1_000;

const CACHE_AWAY = "the mask cache is away";

/**
 * What a batch erases, with one step for when that is gone and one for a failure, which records each object separately.
 */
interface Batch {
  readonly objects: readonly string[];
  /** Names of masks in the cache. */
  readonly cached: readonly string[];
  rows(): void;
  apart(): Subjects;
}

/** What must be erased outside the object's tables, collected in a transaction. */
type Subjects = Set<string>;

/**
 * Erases content. One transaction deletes the rows and records what lies elsewhere (objects in R2, entries of the mask
 * cache); that is then erased at once. Anything that fails becomes due again. The ledger and the sums of usage stay.
 */
export class Erasure {
  readonly #context: ErasureContext;
  #more = false;

  /** Whether more may have expired than the last batch erased. */
  get more(): boolean {
    return this.#more;
  }

  constructor(context: ErasureContext) {
    this.#context = context;
  }

  /** On request: cancels the edit if it is not final. False if it is unknown. */
  async edit(id: EditId): Promise<boolean> {
    const { change, edits } = this.#context;
    if (change((now) => edits.cancel(id, now)) === null) return false;
    await this.#erase(change((now) => this.#forgetEdits([edits.find(id, now)], now)));
    return true;
  }

  /** On request: erases the image and everything made from it. False if it is unknown. */
  async image(id: ImageId): Promise<boolean> {
    const { change, edits, tables } = this.#context;
    const image = tables.images.find(id);
    if (image === null || Date.now() >= image.expiresAt) return false;
    // Followers of an edit see its end before it is gone.
    const made = change((now) => this.#madeFrom(id).map((edit) => edits.cancel(edit, now)));
    await this.#erase(change((now) => this.#forgetEdits(made, now, this.#forgetImage(id, now, true))));
    return true;
  }

  /**
   * Expiry: erases edits, and images with the masks made from them, one batch of each. Their objects go first, many per
   * call, then their rows; what storage refuses is recorded and erased separately. An image outlives its retention
   * while an accepted edit may still read it.
   */
  async expire(): Promise<void> {
    const { tables, change } = this.#context;
    const now = Date.now();
    const account = tables.account.find();
    if (account === null) return;
    const edits = tables.edits.expired(account.id, now, BATCH);
    if (edits.length > 0)
      await this.#eraseBatch({
        objects: edits.flatMap(writtenBy),
        cached: [],
        rows: () => {
          for (const { id } of edits) tables.edits.remove(id);
        },
        // pictures that came with an edit have their own retention, which ends with the edit's or earlier
        apart: () => this.#forgetEdits(edits, now),
      });
    const images = change(() =>
      tables.images.expired(now, BATCH).filter(({ id }) => tables.edits.lastUseOf(id) === null),
    );
    this.#more = edits.length === BATCH || images.length === BATCH;
    if (images.length === 0) return;
    const masks = images.flatMap(({ id }) => this.#masksOf(id, now));
    await this.#eraseBatch({
      objects: [...images.map(({ key }) => key), ...masks.map(({ object }) => object)],
      cached: masks.map(({ cacheKey }) => cacheKey),
      rows: () => {
        for (const mask of masks) this.#removeMask(mask);
        for (const { id } of images) this.#removeImage(id);
      },
      apart: () => {
        const subjects: Subjects = new Set();
        for (const { id } of images) this.#forgetImage(id, now, false, subjects);
        return subjects;
      },
    });
  }

  /**
   * Erases one subject: an object, a folder (`…/`), what nobody claims in a folder of photos, or an entry of the mask
   * cache. @throws if it is refused
   */
  async subject(subject: string): Promise<void> {
    const { images, cache, settings, tables } = this.#context;
    const memory = readForgetSubject(subject);
    if (memory !== null)
      return Date.now() < memory.until ? forget(settings(), tables.account.get().id, memory.name) : undefined;
    if (subject.startsWith(AGAIN)) return this.subject(subject.slice(AGAIN.length));
    if (isPhotoFolder(subject)) return eraseUnclaimed(images, tables.images, subject);
    if (subject.endsWith("/")) return eraseFolder(images, subject);
    if (!subject.startsWith(CACHED)) return images.delete(subject);
    if (!(await cache().remove([subject.slice(CACHED.length)]))) throw new Error(CACHE_AWAY);
  }

  /**
   * Records masks that are about to be made from a photo; must be called inside a transaction. If a mask is
   * made again, its earlier erasure is cancelled.
   * @returns when they are erased; null if the photo is unknown
   */
  expect(photo: ImageId, masks: readonly DerivedMask[], writableUntil: number, now: number): number | null {
    const { tables } = this.#context;
    const image = tables.images.find(photo);
    // whether it is used is asked last: that looks through all of the line
    if (image === null || (now >= image.expiresAt && tables.edits.lastUseOf(photo) === null)) return null;
    for (const mask of masks) {
      tables.masks.add(mask, image, writableUntil);
      tables.due.removeAll(subjectsOf(mask).flatMap((subject) => [subject, AGAIN + subject]));
    }
    return image.expiresAt;
  }

  /** The folder of a photo that is about to be stored, inside a transaction: its row takes it over, or it is erased. */
  expectPhoto(now: number): string {
    const { account, due } = this.#context.tables;
    const folder = photoFolder(account.get().id, now);
    due.setIfAbsent(folder, claimedUntil(now));
    return folder;
  }

  /** Edits that use an image as photo or mask, or a mask that was made from it. */
  #madeFrom(id: ImageId): EditId[] {
    const { tables } = this.#context;
    const masks = this.#masksOf(id).flatMap(({ image }) => image ?? []);
    return [...new Set([id, ...masks].flatMap((image) => tables.edits.ofImage(image)))];
  }

  #masksOf(id: ImageId, now?: number): StoredMaskRow[] {
    const { images, masks } = this.#context.tables;
    const image = images.find(id);
    return image === null ? [] : [...masks.ofPhoto(image.sha256, now), ...masks.ofImage(id)];
  }

  #forgetEdits(edits: readonly (StoredEdit | null)[], now: number, subjects: Subjects = new Set()): Subjects {
    const { tables } = this.#context;
    for (const edit of edits) {
      if (edit === null) continue;
      const folder = `${edit.account}/edits/${edit.id}/`;
      this.#note(folder, edit.attempt > 0 ? writableUntil(edit) : 0, now, subjects);
      for (const image of edit.input.inline ?? []) this.#forgetImage(image, now, true, subjects);
      // its run was already forgotten with its photo
      if (tables.images.find(edit.input.image.id) !== null)
        this.#noteMemory(edit.id, heldUntil(edit, askedFor(this.#context.settings()), now), now);
      tables.edits.remove(edit.id);
    }
    return subjects;
  }

  /** @param early before its retention ends: its masks are then erased early too */
  #forgetImage(id: ImageId, now: number, early: boolean, subjects: Subjects = new Set()): Subjects {
    const image = this.#context.tables.images.find(id);
    if (image !== null) this.#noteMemory(image.sha256, this.#photoHeldUntil(id, now), now);
    for (const mask of this.#masksOf(id, early ? undefined : now)) this.#forgetMask(mask, now, subjects);
    if (image !== null) this.#note(image.key, 0, now, subjects);
    this.#removeImage(id);
    return subjects;
  }

  #forgetMask(mask: StoredMaskRow, now: number, subjects: Subjects): void {
    for (const subject of subjectsOf(mask)) this.#note(subject, mask.writableUntil, now, subjects);
    this.#removeMask(mask);
  }

  #removeMask(mask: StoredMaskRow): void {
    this.#context.tables.masks.remove(mask);
    if (mask.image !== null) this.#removeImage(mask.image);
  }

  /** The row, and the stored answer that refers to it: the next request makes it again. */
  #removeImage(id: ImageId): void {
    const { images, idempotency } = this.#context.tables;
    images.remove(id);
    idempotency.forget(id);
  }

  async #eraseBatch({ objects, cached, rows, apart }: Batch): Promise<void> {
    const { images, cache, change } = this.#context;
    try {
      for (let start = 0; start < objects.length; start += KEYS_A_CALL)
        await images.delete(objects.slice(start, start + KEYS_A_CALL));
      if (cached.length > 0 && !(await cache().remove(cached))) throw new Error(CACHE_AWAY);
      change(rows);
    } catch (error) {
      console.error(
        JSON.stringify({ event: "erasure_put_off", objects: objects.length, error: String(error) }),
      );
      await this.#erase(change(apart));
    }
  }

  /** Records what must be erased; what a current run may still write is erased once more after that. */
  #note(subject: string, writableUntil: number, now: number, subjects: Subjects): void {
    const { due } = this.#context.tables;
    due.set(subject, now + RETRY_MS);
    if (writableUntil + UPLOAD_MS > now) due.set(AGAIN + subject, writableUntil + UPLOAD_MS);
    subjects.add(subject);
  }

  /** The alarm asks the GPU function to forget: the caller does not wait for a function that may be asleep. */
  #noteMemory(name: Remembered, until: number, now: number): void {
    if (until > now) this.#context.tables.due.set(forgetSubject(name, until), now);
  }

  /** Until when the GPU function may hold data of a photo. */
  #photoHeldUntil(id: ImageId, now: number): number {
    const { tables, edits, settings } = this.#context;
    const asked = askedFor(settings());
    const runs = tables.edits.ofImage(id).map((edit) => {
      const stored = edits.stored(edit);
      return stored === null ? 0 : heldUntil(stored, asked, now);
    });
    return Math.max(0, ...runs, ...this.#masksOf(id).map((mask) => mask.writableUntil + asked));
  }

  async #erase(subjects: Subjects): Promise<void> {
    const { tables, change } = this.#context;
    const all = [...subjects];
    for (let start = 0; start < all.length; start += AT_A_TIME)
      await Promise.all(
        all.slice(start, start + AT_A_TIME).map(async (subject) => {
          try {
            await this.subject(subject);
            change(() => tables.due.remove(subject));
          } catch (error) {
            console.error(JSON.stringify({ event: "erasure_put_off", subject, error: String(error) }));
          }
        }),
      );
  }
}

/** Objects that the runs of an edit may have written. */
function writtenBy({ account, id, attempt }: StoredEdit): string[] {
  const folders = Array.from({ length: attempt }, (_, index) => `${account}/edits/${id}/${index + 1}`);
  return folders.flatMap((folder) => RUN_OBJECTS.map((name) => `${folder}/${name}`));
}

const subjectsOf = ({ object, cacheKey }: Pick<StoredMaskRow, "object" | "cacheKey">) => [
  object,
  CACHED + cacheKey,
];

async function eraseFolder(bucket: R2Bucket, prefix: string): Promise<void> {
  const { objects, truncated } = await bucket.list({ prefix });
  if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
  if (truncated) await eraseFolder(bucket, prefix);
}
