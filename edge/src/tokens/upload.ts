import { randomSymbols } from "../../../shared/ids.ts";
import type { ImageRow } from "../account/contract/images.ts";
import type { Env } from "../env.ts";
import { putImage, type Upload } from "../images/store.ts";
import { Refusal } from "../problem.ts";
import type { Bearer } from "./bearer.ts";
import { useOf } from "./uses.ts";

export const usedUpload = () => new Refusal("conflict", "an image was uploaded to this URL before");

/**
 * Stores what was uploaded through a signed URL, once, under the id that the URL was made for. Concurrent uploads write
 * to different objects, so that the one whose row comes second takes nothing from the first.
 * @throws Refusal `conflict`
 */
export async function keepUpload(env: Env, bearer: Bearer<"put">, upload: Upload): Promise<ImageRow> {
  const { claims, account } = bearer;
  const row = await putImage(env, account, claims.img, upload, `${claims.img}/${randomSymbols()}`);
  if (await account.addUpload(row, useOf(claims, 1))) return row;
  await env.IMAGES.delete(row.key);
  throw usedUpload();
}
