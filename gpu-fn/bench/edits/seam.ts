/**
 * How far a picture's gradient across the border of a mask is from the truth's, in levels of 255: 0 if what was pasted meets
 * the photo as the truth does. Each pair of neighbouring pixels counts by how much the mask changes between them. So a hard
 * border is the pairs that it separates, a feather counts where it is steep, and pairs along the border do not count: this is
 * the mean over the outlines that the mask has at all of its levels.
 * @param picture interleaved RGB bytes of a square; `truth` likewise
 * @param mask coverage 0…255 as the picture was pasted, one byte a pixel
 * @returns NaN if the mask has no border
 */
export function seamAcross(picture: Uint8Array, truth: Uint8Array, mask: Uint8Array): number {
  const side = Math.sqrt(mask.length);
  const at = (rgb: Uint8Array, pixel: number, channel: number) => rgb[3 * pixel + channel] as number;
  let [difference, weight] = [0, 0];
  const count = (a: number, b: number) => {
    const change = Math.abs((mask[a] as number) - (mask[b] as number));
    if (change === 0) return;
    for (let c = 0; c < 3; c++) {
      const found = at(picture, a, c) - at(picture, b, c);
      difference += change * Math.abs(found - (at(truth, a, c) - at(truth, b, c)));
    }
    weight += 3 * change;
  };
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if ((pixel + 1) % side !== 0) count(pixel, pixel + 1);
    if (pixel + side < mask.length) count(pixel, pixel + side);
  }
  return difference / weight;
}
