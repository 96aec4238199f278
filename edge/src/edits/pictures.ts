import { type Id, isId } from "../../../shared/ids.ts";
import type { ImageRow, Size } from "../account/contract/images.ts";
import type { Caller } from "../context.ts";
import type { Env } from "../env.ts";
import { photoTypeOf } from "../images/content-type.ts";
import { readDataUrl } from "../images/data-url.ts";
import { inspect } from "../images/inspect.ts";
import { storeImage, type Upload, uploadOf } from "../images/store.ts";
import { invalid, notFound, Refusal } from "../problem.ts";
import type { PictureField } from "./request.ts";

/** A picture as a request names it: one stored before, or one that came along. */
export type GivenPicture = { readonly id: Id<"img"> } | { readonly upload: Upload };

/** Reads a picture of a request without storing anything. @throws Refusal where it is no picture we take */
export async function givenPicture(field: PictureField, path: "image" | "mask"): Promise<GivenPicture> {
  if (typeof field === "string" && field.startsWith("img_")) {
    if (!isId("img", field)) throw notFound("image");
    return { id: field };
  }
  if (typeof field === "string") {
    const { bytes, type } = readDataUrl(field, path);
    return { upload: await uploadOf(bytes, inspect(bytes, type)) };
  }
  const type = photoTypeOf(field.type);
  if (type === null && field.type !== "" && field.type !== "application/octet-stream")
    throw new Refusal("unsupported_media", `${path}: a JPEG, PNG, WebP or AVIF image is needed`);
  const bytes = new Uint8Array(await field.arrayBuffer());
  return { upload: await uploadOf(bytes, inspect(bytes, type)) };
}

/** What stands for a picture in a request's fingerprint. */
export const pictureFingerprint = (picture: GivenPicture) =>
  "id" in picture ? picture.id : { sha256: picture.upload.sha256 };

/** Size of a picture before it is stored: the row of a stored one is looked up. @throws Refusal `not_found` */
export async function knownPicture(caller: Caller, picture: GivenPicture): Promise<ImageRow | Upload> {
  if ("upload" in picture) return picture.upload;
  const row = await caller.account.image(picture.id);
  if (row === null) throw notFound("image");
  return row;
}

/** The row of a picture; one that came along is stored now. */
export async function storedPicture(env: Env, caller: Caller, known: ImageRow | Upload): Promise<ImageRow> {
  return "id" in known ? known : storeImage(env, caller, known);
}

/** A mask lies over the photo pixel by pixel. @throws Refusal `invalid_request` */
export function refuseOtherSize(mask: Size, photo: Size): void {
  if (mask.width !== photo.width || mask.height !== photo.height) throw otherSize(mask, photo);
}

export function otherSize(mask: Size, photo: Size): Refusal {
  const [given, needed] = [mask, photo].map(({ width, height }) => `${width}×${height}`);
  return invalid("mask", `the mask is ${given}, the image ${needed}; they must be the same size`);
}
