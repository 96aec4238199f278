/** What a model sees of a photo: a part of it, at a size, on a grid of tokens. */
import type { Part } from "../image/picture.ts";
import type { Window } from "../image/window.ts";
import { type Model, squareGrid } from "../model/model.ts";
import type { TokenGrid } from "../tensor/packing.ts";

export interface View {
  readonly window: Window;
  /** Tokens of the window. */
  readonly grid: TokenGrid;
}

export type ViewingModel = Pick<Model, "manifest" | "grid" | "unit">;

/** The fewest tokens an edit has, apart from strips: if these do not fit in memory, no edit does. */
export function leastGrid(model: ViewingModel): TokenGrid {
  const { window } = model.manifest;
  if (window === undefined) return squareGrid(model);
  const side = Math.ceil(window.min / model.unit);
  return { rows: side, columns: side };
}

/** The view of a model without a window: the square at the model's size. */
export function squareView(model: ViewingModel, square: Part): View {
  const { resolution } = model.manifest;
  return {
    window: { part: square, size: { height: resolution, width: resolution } },
    grid: squareGrid(model),
  };
}
