import { type Id, isId } from "../../../shared/ids.ts";
import type { ImageRow, Size } from "../account/contract/images.ts";
import type { Asker } from "../context.ts";
import type { Env } from "../env.ts";
import { readDataUrl } from "../images/data-url.ts";
import { fetchPicture } from "../images/fetch.ts";
import { inspect } from "../images/inspect.ts";
import { storeImage, type Upload, uploadOf } from "../images/store.ts";
import { invalid, notFound, Refusal } from "../problem.ts";
import type { PictureField } from "./request.ts";

/** A picture given in a request: one stored before, one sent along, or one at a public address. */
export type GivenPicture =
  | { readonly id: Id<"img"> }
  | { readonly upload: Upload }
  | { readonly url: string; readonly path: PicturePath };

export type PicturePath = "image" | "mask";

/** Reads a picture of a request without storing or fetching anything. @throws Refusal if the picture is not accepted */
export async function givenPicture(field: PictureField, path: PicturePath): Promise<GivenPicture> {
  if (typeof field !== "string") return uploaded(field);
  if (field.startsWith("data:")) return uploaded(readDataUrl(field, path));
  if (!field.startsWith("img_")) return { url: field, path };
  if (!isId("img", field)) throw notFound("image");
  return { id: field };
}

const uploaded = async (bytes: Uint8Array) => ({ upload: await uploadOf(bytes, inspect(bytes)) });

/** Represents a picture in a request's fingerprint. */
export function pictureFingerprint(picture: GivenPicture) {
  if ("id" in picture) return picture.id;
  return "url" in picture ? { url: picture.url } : { sha256: picture.upload.sha256 };
}

/**
 * A picture before it is stored: the row of a stored one is looked up, one at an address is fetched.
 * @throws Refusal `not_found`, `forbidden` for an address used with a token, and any refusal of the fetch
 */
export async function knownPicture(
  env: Env,
  { account, permit }: Asker,
  picture: GivenPicture,
): Promise<ImageRow | Upload> {
  if ("upload" in picture) return picture.upload;
  if ("url" in picture) {
    const { url, path } = picture;
    if (permit !== undefined)
      throw new Refusal("forbidden", `${path}: a token does not open other addresses; upload the image`);
    const bytes = await fetchPicture(env, url, path);
    return uploadOf(bytes, inspect(bytes));
  }
  const row = await account.image(picture.id);
  if (row === null) throw notFound("image");
  return row;
}

/** The row of a picture; one that was sent along is stored now. */
export async function storedPicture(env: Env, asker: Asker, known: ImageRow | Upload): Promise<ImageRow> {
  return "id" in known ? known : storeImage(env, asker, known);
}

/** A mask must match the photo pixel by pixel. @throws Refusal `invalid_request` */
export function refuseOtherSize(mask: Size, photo: Size): void {
  if (mask.width !== photo.width || mask.height !== photo.height) throw otherSize(mask, photo);
}

export function otherSize(mask: Size, photo: Size): Refusal {
  const [given, needed] = [mask, photo].map(({ width, height }) => `${width}×${height}`);
  return invalid("mask", `the mask is ${given}, the image ${needed}; they must be the same size`);
}
