import type { Id } from "../../../../shared/ids.ts";
import type { ImageTable } from "../tables/image.ts";

/** Photos that are stored within this time share a folder. */
const FOLDER_MS = 600_000;

/** Maximum time from a photo's first byte in storage to its row. */
const UNCLAIMED_MS = 600_000;

const numberAt = (now: number) => Math.floor(now / FOLDER_MS);

/**
 * The folder in R2 of photos whose storing begins now. All of them share one due row: a row for each photo, deleted once
 * the photo has its own, would cost three written rows a photo.
 */
export const photoFolder = (account: Id<"acct">, now: number) => `${account}/images/${numberAt(now)}/`;

export const isPhotoFolder = (subject: string) => /\/images\/\d+\/$/.test(subject);

/** When each photo of the current folder has its row, or will never have one (Unix milliseconds). */
export const claimedUntil = (now: number) => (numberAt(now) + 1) * FOLDER_MS + UNCLAIMED_MS;

/** Erases what no row refers to: the worker died after it stored a photo. */
export async function eraseUnclaimed(bucket: R2Bucket, images: ImageTable, folder: string): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ prefix: folder, ...(cursor !== undefined && { cursor }) });
    const unclaimed = page.objects
      .map(({ key }) => key)
      .filter((key) => images.find(photoIn(key, folder))?.key !== key);
    if (unclaimed.length > 0) await bucket.delete(unclaimed);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}

/** An object's name is the photo's id, and for signed uploads one part more. */
const photoIn = (key: string, folder: string) => key.slice(folder.length).split("/", 1).join();
