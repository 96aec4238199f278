/** Where a located region ends that goes on beyond the part in which it was looked for. */
import type { Mask, Part, Point, Size } from "../image/picture.ts";
import { placeIn } from "../image/turn.ts";

/** Width in which a region fades out, as a share of the part's side. */
const FADE = 1 / 5;

/** A region goes on beyond a border that it reaches with more than this. */
const GOES_ON = 0.25;

/** Each border's middle, and a point's distance from the border, in shares of the part. */
const BORDERS: readonly { readonly middle: Point; readonly distance: (share: Point) => number }[] = [
  { middle: { x: 0, y: 0.5 }, distance: ({ x }) => x },
  { middle: { x: 1, y: 0.5 }, distance: ({ x }) => 1 - x },
  { middle: { x: 0.5, y: 0 }, distance: ({ y }) => y },
  { middle: { x: 0.5, y: 1 }, distance: ({ y }) => 1 - y },
];

/**
 * Hair to the waist ends softly where it is no longer looked for, and not in a straight line. At the photo's own edge nothing
 * fades.
 * @param mask of the region over `over`
 */
export function endingSoftly({ width, height, data }: Mask, over: Part, photo: Size): Mask {
  const share = (cell: number): Point => ({
    x: ((cell % width) + 0.5) / width,
    y: (Math.floor(cell / width) + 0.5) / height,
  });
  const crossed = BORDERS.filter(({ middle, distance }) => {
    const { x, y } = placeIn(over, middle);
    if (x <= 0 || y <= 0 || x >= photo.width || y >= photo.height) return false;
    return data.some((value, cell) => value > GOES_ON && distance(share(cell)) < 1 / width);
  });
  if (crossed.length === 0) return { width, height, data };
  const faded = data.map((value, cell) => {
    const nearest = Math.min(...crossed.map(({ distance }) => distance(share(cell))));
    return value * Math.min(1, nearest / FADE);
  });
  return { width, height, data: faded };
}
