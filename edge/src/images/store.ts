import { type Id, newId } from "../../../shared/ids.ts";
import { sha256 } from "../../../shared/signing.ts";
import type { ImageRow } from "../account/contract/images.ts";
import type { Asker } from "../context.ts";
import type { Env } from "../env.ts";
import { settingsOf } from "../env.ts";
import type { Picture } from "./inspect.ts";

/** A picture in memory: its header data, its bytes and their hash. */
export interface Upload extends Picture {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Hashes an inspected picture. */
export async function uploadOf(bytes: Uint8Array, picture: Picture): Promise<Upload> {
  return { ...picture, bytes, sha256: await sha256(bytes) };
}

/** Stores a photo: bytes in R2, then its row in the account, so that a row never refers to missing bytes. */
export async function storeImage(env: Env, asker: Asker, upload: Upload): Promise<ImageRow> {
  const id = newId("img");
  const row = await putImage(env, asker.account, id, upload);
  await asker.account.addImage(row);
  return row;
}

/**
 * Puts a photo's bytes into R2, where they stay only once the account has the row. Returns the row.
 * @param name of the object in the account's folder: the id, or the id and something after a `/`
 */
export async function putImage(
  env: Env,
  account: Asker["account"],
  id: Id<"img">,
  upload: Upload,
  name: string = id,
): Promise<ImageRow> {
  const { bytes, sha256, width, height, contentType } = upload;
  const key = `${await account.expectPhoto()}${name}`;
  await env.IMAGES.put(key, bytes, { httpMetadata: { contentType }, sha256 });
  return imageRow(env, { id, key, sha256, bytes: bytes.byteLength, width, height, contentType });
}

/** A row whose retention starts now. */
export function imageRow(env: Env, facts: Omit<ImageRow, "createdAt" | "expiresAt">): ImageRow {
  const createdAt = Date.now();
  return { ...facts, createdAt, expiresAt: createdAt + settingsOf(env).RETENTION_HOURS * 3_600_000 };
}
