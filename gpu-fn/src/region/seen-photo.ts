import { portraitSquare, toModel } from "../image/crop.ts";
import { decodePhoto } from "../image/decode.ts";
import type { Photo, Rectangle } from "../image/picture.ts";
import type { Model } from "../model/model.ts";
import type { ImageFeatures } from "../model/pasl.ts";
import type { LocateRequest } from "./request.ts";

/** A photo as PASL sees it, and every model that has no window. */
export interface SeenPhoto {
  readonly photo: Photo;
  readonly square: Rectangle;
  /** `[1,3,r,r]` in −1…1. */
  readonly image: Float32Array;
  /** What PASL made of it, once a region was located. */
  readonly features?: ImageFeatures;
}

/** Decodes a photo and cuts out the model's square. @throws InputError where the photo is refused */
export async function seePhoto(
  model: Pick<Model, "manifest">,
  request: Pick<LocateRequest, "photo">,
): Promise<SeenPhoto> {
  const photo = await decodePhoto(request.photo.bytes, request.photo.extension);
  const square = portraitSquare(photo.width, photo.height);
  const { resolution } = model.manifest;
  return { photo, square, image: await toModel(photo, square, { height: resolution, width: resolution }) };
}

/** Bytes that keeping one takes. */
export function seenBytes({ photo, image, features }: SeenPhoto): number {
  const arrays = [photo.rgb, photo.alpha, image, features?.data];
  return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
