/** What the model sees of a photo for one edit, and where in that the edit acts. */
import type { MaskOptions } from "../../../shared/mask.ts";
import { InputError } from "../errors.ts";
import { pasteMask } from "../image/composite.ts";
import { wholeOf } from "../image/crop.ts";
import { growMask } from "../image/mask.ts";
import { remapMask, resizeMask } from "../image/mask-grid.ts";
import type { Grey, Mask, Photo, Rectangle } from "../image/picture.ts";
import { boundsOf, editWindow, type Window } from "../image/window.ts";
import { type Model, squareGrid } from "../model/model.ts";
import type { TokenGrid } from "../tensor/packing.ts";
import { editRegion, workedMask } from "./edit-region.ts";

/** What the model sees of a photo. */
export interface View {
  readonly window: Window;
  /** Tokens of the window. */
  readonly grid: TokenGrid;
}

export interface Placement extends View {
  /** M on that grid, fp32 in 0…1: fuses latents and values (Eq. 13, 15). */
  readonly tokens: Mask;
  /** The mask of the paste-back at the photo's size; 0 outside the window. */
  readonly paste: Grey;
}

type PlacingModel = Pick<Model, "manifest" | "grid" | "unit">;

/** A mask, before its options act, and what it lies over. */
export interface GivenMask {
  readonly mask: Mask;
  /** `photo`: it has the photo's size, somebody drew it; `square`: it is located, on a grid over the square. */
  readonly over: "photo" | "square";
}

/** The fewest tokens that an edit of a model has, but for strips: what does not fit with them never does. */
export function leastGrid(model: PlacingModel): TokenGrid {
  const { window } = model.manifest;
  if (window === undefined) return squareGrid(model);
  const side = Math.ceil(window.min / model.unit);
  return { rows: side, columns: side };
}

/** The whole square, at the model's size: what a model without a window sees. */
export function squareView(model: PlacingModel, square: Rectangle): View {
  const { resolution } = model.manifest;
  const size = { height: resolution, width: resolution };
  return { window: { part: square, size }, grid: squareGrid(model) };
}

/**
 * Models without a window see the photo's square, and a drawn mask counts inside of it alone. With one they see what is
 * around the mask, wherever it is.
 * @throws InputError `mask_empty` where nothing would be edited
 */
export async function placeEdit(
  model: PlacingModel,
  { photo, square }: { readonly photo: Photo; readonly square: Rectangle },
  given: GivenMask,
  options: MaskOptions,
): Promise<Placement> {
  return model.manifest.window === undefined
    ? inSquare(model, photo, square, given, options)
    : inWindow(model, photo, square, given, options);
}

async function inSquare(
  model: PlacingModel,
  photo: Photo,
  square: Rectangle,
  { mask, over }: GivenMask,
  options: MaskOptions,
): Promise<Placement> {
  const { tokens, pixels } = editRegion(mask, over === "photo" ? square : null, model.grid, options);
  const data = await pasteMask(pixels, photo, square, options.feather);
  return {
    ...squareView(model, square),
    tokens,
    paste: { width: photo.width, height: photo.height, data },
  };
}

async function inWindow(
  { manifest, unit }: PlacingModel,
  photo: Photo,
  square: Rectangle,
  { mask, over }: GivenMask,
  options: MaskOptions,
): Promise<Placement> {
  const pixels = growMask(workedMask(mask, options), options.grow);
  const covered = over === "photo" ? wholeOf(photo) : square;
  const data = await pasteMask(pixels, photo, covered, options.feather);
  const paste = { width: photo.width, height: photo.height, data };
  const box = boundsOf(paste);
  if (box === null)
    throw new InputError(
      "mask_empty",
      over === "photo" ? "the mask is empty" : "no region of the portrait fits the prompt",
    );
  const { min = 0, margin = 0 } = manifest.window ?? {};
  const window = editWindow(box, photo, { margin, multiple: unit, min, max: manifest.resolution });
  const grid = { rows: window.size.height / unit, columns: window.size.width / unit };
  const tokens = same(covered, window.part)
    ? resizeMask(pixels, grid.rows, grid.columns)
    : remapMask(pixels, covered, window.part, grid);
  return { window, grid, tokens, paste };
}

function same(a: Rectangle, b: Rectangle): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}
