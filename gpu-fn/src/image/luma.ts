/** Luma of BT.601 of one pixel, 0…255, not rounded. @param rgb interleaved bytes */
export function lumaAt(rgb: Uint8Array, pixel: number): number {
  return (
    0.299 * (rgb[3 * pixel] as number) +
    0.587 * (rgb[3 * pixel + 1] as number) +
    0.114 * (rgb[3 * pixel + 2] as number)
  );
}

/** The same of all pixels. */
export function luma(rgb: Uint8Array): Float64Array {
  const values = new Float64Array(rgb.length / 3);
  for (let i = 0; i < values.length; i++) values[i] = lumaAt(rgb, i);
  return values;
}
