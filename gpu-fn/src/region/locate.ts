/** Locates prompts in a portrait: PASL's masks (Eq. 5 to 6), their union, and the mask an edit is pasted with. */

import { CanceledError } from "../errors.ts";
import { decodeGrey } from "../image/decode.ts";
import { coverageOf, fromGrey, toGrey, unionOf } from "../image/grey.ts";
import type { Part } from "../image/picture.ts";
import { boxAround } from "../image/turn.ts";
import type { Model } from "../model/model.ts";
import type { GivenMask } from "./edit-region.ts";
import { look, lookedPart } from "./looks.ts";
import { type Placement, placeEdit } from "./placement.ts";
import type { FoundRegion, LocateRequest, RegionRequest } from "./request.ts";
import { type SeenPhoto, seePhoto } from "./seen-photo.ts";

/**
 * Locates without editing.
 * @throws InputError if the photo is refused or nothing in it matches the words; CanceledError
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

/** A region, and the photo with what was computed from it. */
export interface LocatedRegion {
  readonly placement: Placement;
  readonly found: FoundRegion;
  readonly seen: SeenPhoto;
}

/**
 * Where an edit acts, and what the model sees for it. The region is the user's mask, one located earlier, or what PASL
 * finds for the prompts.
 * @throws InputError `mask_invalid`, `mask_empty`
 */
export async function findRegion(
  model: Model,
  request: RegionRequest,
  seen: SeenPhoto,
): Promise<LocatedRegion> {
  const { located, maskOptions } = request;
  const { photo, faces, drawn } = seen;
  const finish = async (
    given: GivenMask,
    rest: Pick<FoundRegion, "located" | "regions">,
    looked: SeenPhoto = seen,
  ) => {
    const placement = await placeEdit(model, seen, given, maskOptions);
    const { paste, tokens, window } = placement;
    const found = {
      mask: paste,
      coverage: coverageOf(paste),
      fusion: { mask: toGrey(tokens), part: window.part },
      faces: faces.map(({ box }) => shownBox(box)),
      ...rest,
    };
    return { placement, found, seen: looked };
  };
  if (drawn !== null) return finish({ mask: drawn, over: null }, { located: null, regions: [] });
  if (located !== undefined) {
    const stored = fromGrey(await decodeGrey(located));
    return finish({ mask: stored, over: lookedPart(seen) }, { located: null, regions: [] });
  }
  const { masks, over, made } = await look(model, seen, request.locate);
  const each = masks.map(toGrey);
  const union = each.reduce(unionOf);
  const share = (over.width * over.height) / (photo.width * photo.height);
  const regions = each.map((grey, i) => ({
    prompt: request.locate[i] ?? "",
    coverage: share * coverageOf(grey),
  }));
  return finish({ mask: fromGrey(union), over }, { located: union, regions }, { ...seen, ...made });
}

/** A face's box as it is reported: upright, in whole pixels. */
function shownBox(box: Part) {
  const { left, top, width, height } = boxAround(box);
  return { left, top, width, height };
}
