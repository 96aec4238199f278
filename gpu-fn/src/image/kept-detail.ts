/** How much of a photo's own detail an edit leaves in place. */
import { luma } from "./luma.ts";
import type { Size } from "./picture.ts";

/** Pixels on each side of the window in which two pictures are compared. */
const RADIUS = 2;

/** Variance, in levels of 255 squared, up to which a window counts as flat: flat windows look alike. */
const FLAT = 30;

/**
 * The model's picture is coarser than the photo. Where an edit recolours, the photo's finer detail still fits; where it
 * draws another shape, it does not. So the lumas of both decoded pictures are compared in a window around each pixel:
 * their covariance over the variance before the edit, or, where the edit has more contrast, over both deviations, as SSIM
 * compares structure (Wang et al. 2004): a lipstick sets lips off from the skin around them and keeps their creases. It is
 * squared, so that a shape that half fits is left out. 255 where nothing but colour and brightness
 * changed, or contrast was gained; 0 where nothing is alike.
 * @param edited `h·w·3` bytes, RGB; `reconstructed` is the same of the untouched latent
 * @returns `h·w` bytes
 */
export function keptDetail(
  { edited, reconstructed }: { readonly edited: Uint8Array; readonly reconstructed: Uint8Array },
  size: Size,
): Uint8Array {
  const [a, b] = [luma(edited), luma(reconstructed)];
  const [meanA, meanB] = [boxMean(a, size), boxMean(b, size)];
  const [both, squareA, squareB] = [
    productMean(a, b, size),
    productMean(a, a, size),
    productMean(b, b, size),
  ];
  const kept = new Uint8Array(a.length);
  for (let i = 0; i < kept.length; i++) {
    const [ma, mb] = [meanA[i] as number, meanB[i] as number];
    const [after, before] = [(squareA[i] as number) - ma * ma, (squareB[i] as number) - mb * mb];
    const contrast = Math.sqrt(Math.max(0, before) * Math.max(0, after, before));
    const alike = Math.max(0, ((both[i] as number) - ma * mb + FLAT) / (contrast + FLAT));
    kept[i] = Math.round(255 * Math.min(1, alike * alike));
  }
  return kept;
}

function productMean(a: Float64Array, b: Float64Array, size: Size): Float64Array {
  const products = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) products[i] = (a[i] as number) * (b[i] as number);
  return boxMean(products, size);
}

/** Mean over a square window, cut at the borders. */
function boxMean(values: Float64Array, { width, height }: Size): Float64Array {
  return meanAcross(meanAcross(values, width, height), height, width);
}

/** Mean along each row, with rows and columns exchanged in the result. */
function meanAcross(values: Float64Array, width: number, height: number): Float64Array {
  const found = new Float64Array(values.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const first = Math.max(0, x - RADIUS);
      const last = Math.min(width - 1, x + RADIUS);
      let sum = 0;
      for (let u = first; u <= last; u++) sum += values[y * width + u] as number;
      found[x * height + y] = sum / (last - first + 1);
    }
  return found;
}
