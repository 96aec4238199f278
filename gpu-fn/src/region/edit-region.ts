import type { MaskOptions } from "../../../shared/mask.ts";
import { InputError } from "../errors.ts";
import { exactMask, spreadMask } from "../image/composite.ts";
import { feathered } from "../image/feather.ts";
import { growMask, invertMask, thresholdMask } from "../image/mask.ts";
import { remapMask, resizeMask, touchedCells } from "../image/mask-grid.ts";
import type { Grey, Mask, Part, Photo, Size } from "../image/picture.ts";
import { boundsOf } from "../image/window.ts";
import type { TokenGrid } from "../tensor/packing.ts";
import { reachingAsFarAsDoubted } from "./doubt.ts";
import type { View } from "./view.ts";

/** A mask before its options are applied, and the area it covers. */
export interface GivenMask {
  readonly mask: Mask;
  /** The part of the photo that it was located in; null for a drawn mask, which covers the whole photo. */
  readonly over: Part | null;
}

/** A located region that is weaker than this everywhere is rejected: it would not show in the paste-back. */
const FAINTEST = 0.1;

/**
 * Coverage from which a token is edited fully. Latents that are half fused belong to neither picture: the edit shows too
 * little of what was asked for. How much of a pixel is replaced is the paste's to say.
 */
const EDITED_FULLY = 0.125;

/** Feather of a located region, whose edges are already soft. A drawn mask keeps the edge that was drawn. */
const LOCATED_FEATHER = 0.004;

/** The mask on its own grid, after invert, threshold and grow. Without a threshold, a located one reaches as far as it is doubted. */
export function workedMask({ mask, over }: GivenMask, { invert, threshold, grow }: MaskOptions): Mask {
  const turned = invert ? invertMask(mask) : mask;
  if (threshold !== undefined) return growMask(thresholdMask(turned, threshold), grow);
  return growMask(over === null ? turned : reachingAsFarAsDoubted(turned), grow);
}

/**
 * The paste-back mask at the photo's size: how much of each pixel is replaced.
 * @param worked from `workedMask`
 * @throws InputError `mask_empty` if no pixel would be replaced
 */
export async function pasteMask(
  worked: Mask,
  over: Part | null,
  photo: Photo,
  { feather }: MaskOptions,
): Promise<Grey> {
  if (over !== null && worked.data.every((value) => value < FAINTEST))
    throw new InputError("mask_empty", "no region of the portrait fits the prompt");
  const hard = over === null ? exactMask(worked) : await spreadMask(worked, photo, over);
  const paste = await feathered(hard, feather ?? (over === null ? 0 : LOCATED_FEATHER));
  if (boundsOf(paste) === null) throw new InputError("mask_empty", "the mask is empty");
  return paste;
}

/**
 * The fusion mask: M on the tokens of the view, fp32 in 0…1 (Eq. 13, 15). A located mask is averaged over each token, and
 * an eighth of a token counts as all of it. For a drawn mask, a token takes the strongest value that touches it. With a
 * threshold, every token that the mask touches is 1. The paste-back ensures that no pixel outside the mask changes.
 * @throws InputError `mask_empty` if the mask touches no token, or covers less than one pixel at the model's size
 */
export function fusionMask(
  worked: Mask,
  over: Part | null,
  { window, grid }: View,
  { threshold }: MaskOptions,
): Mask {
  const tokens =
    over === null ? touchedCells(worked, window.part, grid) : covered(worked, over, window.part, grid);
  if (tokens.data.every((value) => value === 0))
    throw new InputError("mask_empty", "the mask is empty in the part of the photo that is edited");
  if (over === null && pixelsOf(worked, window.part, window.size) < 1)
    throw new InputError("mask_empty", "the mask covers less than one pixel of what the model sees");
  if (threshold === undefined) return tokens;
  return { ...tokens, data: tokens.data.map((value) => Math.ceil(value)) };
}

function covered(mask: Mask, over: Part, onto: Part, grid: TokenGrid): Mask {
  const same = (["left", "top", "width", "height", "roll"] as const).every(
    (key) => (over[key] ?? 0) === (onto[key] ?? 0),
  );
  const mean = same ? resizeMask(mask, grid.rows, grid.columns) : remapMask(mask, over, onto, grid);
  return { ...mean, data: mean.data.map((value) => Math.min(1, value / EDITED_FULLY)) };
}

/** Area of a mask of the photo's size, in pixels of the model's size, wherever the mask lies. */
function pixelsOf(mask: Mask, part: Part, size: Size): number {
  const sum = mask.data.reduce((total, value) => total + value, 0);
  return (sum * size.width * size.height) / (part.width * part.height);
}
