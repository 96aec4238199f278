/** The reference's other ways to resize a mask: they check what they share with the product's. */
import type { AxisParts, Share } from "../src/image/mask-grid.ts";

export const MASK_MODES: Readonly<Record<string, AxisParts | undefined>> = {
  area: undefined,
  bilinear: bilinearParts,
  nearest_exact: nearestParts,
};

/** Interpolates between the four nearest centres. */
function bilinearParts(cell: number, from: number, to: number): Share[] {
  const centre = Math.max(((cell + 0.5) * from) / to - 0.5, 0);
  const index = Math.min(Math.floor(centre), from - 1);
  const weight = centre - index;
  return [
    { index, weight: 1 - weight },
    { index: Math.min(index + 1, from - 1), weight },
  ];
}

/** Takes the cell under the new centre. */
function nearestParts(cell: number, from: number, to: number): Share[] {
  return [{ index: Math.min(Math.floor(((cell + 0.5) * from) / to), from - 1), weight: 1 }];
}
