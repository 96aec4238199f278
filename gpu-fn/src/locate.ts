/** Where the words point in a portrait: PASL's masks (Eq. 5 to 6), their union, and the mask an edit is pasted with. */
import { CanceledError } from "./errors.ts";
import { portraitSquare, type Rectangle, toModel } from "./image/crop.ts";
import { decodePhoto, type Photo } from "./image/decode.ts";
import { coverageOf, decodeGrey, fromGrey, toGrey, unionOf } from "./image/grey.ts";
import { decodeMask } from "./image/mask.ts";
import type { Model } from "./model.ts";
import { type GivenMask, type Placement, placeEdit } from "./placement.ts";
import type { FoundRegion, LocateRequest, RegionRequest } from "./request.ts";

/** A photo as PASL sees it, and every model that has no window. */
export interface SeenPhoto {
  readonly photo: Photo;
  readonly square: Rectangle;
  /** `[1,3,r,r]` in −1…1. */
  readonly image: Float32Array;
}

/** Decodes a photo and cuts out the model's square. @throws InputError where the photo is refused */
export async function seePhoto(model: Model, request: Pick<LocateRequest, "photo">): Promise<SeenPhoto> {
  const photo = await decodePhoto(request.photo.bytes, request.photo.extension);
  const square = portraitSquare(photo.width, photo.height);
  const { resolution } = model.manifest;
  return { photo, square, image: await toModel(photo, square, { height: resolution, width: resolution }) };
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
 * Where an edit acts: the user's mask, one located before, or where PASL finds the prompts; and what the model sees for it.
 * @throws InputError `mask_invalid`, `mask_empty`
 */
export async function findRegion(
  model: Model,
  request: RegionRequest,
  seen: SeenPhoto,
): Promise<{ placement: Placement; found: FoundRegion }> {
  const { mask, located, maskOptions } = request;
  const { photo, square, image } = seen;
  const finish = async (given: GivenMask, rest: Pick<FoundRegion, "located" | "regions">) => {
    const placement = await placeEdit(model, seen, given, maskOptions);
    const { paste } = placement;
    return { placement, found: { mask: paste, coverage: coverageOf(paste), ...rest } };
  };
  if (mask !== undefined) {
    const drawn = await decodeMask(mask.bytes, photo.width, photo.height, mask.extension);
    return finish({ mask: drawn, over: "photo" }, { located: null, regions: [] });
  }
  if (located !== undefined) {
    const stored = fromGrey(await decodeGrey(located));
    return finish({ mask: stored, over: "square" }, { located: null, regions: [] });
  }
  const each = (await model.locate(image, request.locate)).map(toGrey);
  const union = each.reduce(unionOf);
  const share = (square.width * square.height) / (photo.width * photo.height);
  const regions = each.map((grey, i) => ({
    prompt: request.locate[i] ?? "",
    coverage: share * coverageOf(grey),
  }));
  return finish({ mask: fromGrey(union), over: "square" }, { located: union, regions });
}
