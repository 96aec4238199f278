/** Where the words point in a portrait: PASL's masks (Eq. 5 to 6), their union, and the mask an edit is pasted with. */
import { type EditRegion, editRegion } from "./edit-region.ts";
import { CanceledError } from "./errors.ts";
import { pasteMask } from "./image/composite.ts";
import { portraitSquare, type Square, toModel } from "./image/crop.ts";
import { decodePhoto, type Photo } from "./image/decode.ts";
import { coverageOf, decodeGrey, fromGrey, type Grey, toGrey, unionOf } from "./image/grey.ts";
import { decodeMask } from "./image/mask.ts";
import type { Model } from "./model.ts";
import type { FoundRegion, LocateRequest, RegionRequest } from "./request.ts";

/** A photo as the model sees it. */
export interface SeenPhoto {
  readonly photo: Photo;
  readonly square: Square;
  /** `[1,3,r,r]` in −1…1. */
  readonly image: Float32Array;
}

/** Decodes a photo and cuts out the model's square. @throws InputError where the photo is refused */
export async function seePhoto(model: Model, request: Pick<LocateRequest, "photo">): Promise<SeenPhoto> {
  const photo = await decodePhoto(request.photo.bytes, request.photo.extension);
  const square = portraitSquare(photo.width, photo.height);
  return { photo, square, image: await toModel(photo, square, model.manifest.resolution) };
}

/**
 * Locates without editing.
 * @throws InputError where the photo is refused or nothing in it fits the words; CanceledError
 */
export async function locatePortrait(
  model: Model,
  request: LocateRequest,
  signal?: AbortSignal,
): Promise<FoundRegion> {
  const seen = await seePhoto(model, request);
  if (signal?.aborted) throw new CanceledError();
  return (await findRegion(model, request, seen)).found;
}

/**
 * The region of an edit: the user's mask, one located before, or where PASL finds the prompts.
 * @throws InputError `mask_invalid`, `mask_empty`
 */
export async function findRegion(
  model: Model,
  request: RegionRequest,
  { photo, square, image }: SeenPhoto,
): Promise<{ region: EditRegion; found: FoundRegion }> {
  const { mask, located, maskOptions } = request;
  const finish = async (region: EditRegion, rest: Pick<FoundRegion, "located" | "regions">) => {
    const data = await pasteMask(region.pixels, photo, square, maskOptions.feather);
    const finished: Grey = { width: photo.width, height: photo.height, data };
    return { region, found: { mask: finished, coverage: coverageOf(finished), ...rest } };
  };
  if (mask !== undefined) {
    const drawn = await decodeMask(mask.bytes, photo.width, photo.height, mask.extension);
    return finish(editRegion(drawn, square, model.grid, maskOptions), { located: null, regions: [] });
  }
  if (located !== undefined) {
    const stored = fromGrey(await decodeGrey(located));
    return finish(editRegion(stored, null, model.grid, maskOptions), { located: null, regions: [] });
  }
  const each = (await model.locate(image, request.locate)).map(toGrey);
  const union = each.reduce(unionOf);
  const share = square.side ** 2 / (photo.width * photo.height);
  const regions = each.map((grey, i) => ({
    prompt: request.locate[i] ?? "",
    coverage: share * coverageOf(grey),
  }));
  return finish(editRegion(fromGrey(union), null, model.grid, maskOptions), { located: union, regions });
}
