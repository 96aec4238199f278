import type { MaskOptions } from "../../../shared/mask.ts";
import { InputError } from "../errors.ts";
import { growMask, invertMask, thresholdMask } from "../image/mask.ts";
import { resizeMask } from "../image/mask-grid.ts";
import type { Mask, Rectangle } from "../image/picture.ts";

/** Where an edit acts, in the two forms it is needed in. */
export interface EditRegion {
  /** M on the token grid, fp32 in 0…1: fuses latents and values (Eq. 13, 15). */
  readonly tokens: Mask;
  /** The same on the mask's own grid, for the paste-back. */
  readonly pixels: Mask;
}

/** A located region weaker than this everywhere is no region: the paste-back would show nothing of it. */
const FAINTEST = 0.1;

/**
 * From a mask to the region of an edit: inverted and made hard on its own grid, then averaged over each token's
 * area (soft coverage stays), then grown on both grids.
 * @param square where the mask covers the whole photo, the part the model sees; null where it is that part
 * @param grid tokens down and across
 * @throws InputError `mask_empty` where nothing would be edited
 */
export function editRegion(
  mask: Mask,
  square: Rectangle | null,
  grid: number,
  options: MaskOptions,
): EditRegion {
  const pixels = workedMask(mask, options);
  const seen = square === null ? pixels : cropMask(pixels, square);
  const tokens = growMask(resizeMask(seen, grid, grid), options.grow);
  const strongest = tokens.data.reduce((most, value) => Math.max(most, value), 0);
  if (square === null && strongest < FAINTEST)
    throw new InputError("mask_empty", "no region of the portrait fits the prompt");
  if (strongest === 0)
    throw new InputError("mask_empty", "the mask is empty in the part of the photo that is edited");
  return { tokens, pixels: growMask(pixels, options.grow) };
}

/** A mask inverted and made hard on its own grid, where that is asked for. */
export function workedMask(mask: Mask, { invert, threshold }: MaskOptions): Mask {
  const pixels = invert ? invertMask(mask) : mask;
  return threshold === undefined ? pixels : thresholdMask(pixels, threshold);
}

function cropMask(mask: Mask, { left, top, width, height }: Rectangle): Mask {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * mask.width + left;
    data.set(mask.data.subarray(start, start + width), y * width);
  }
  return { width, height, data };
}
