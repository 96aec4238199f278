/** Resamples pictures and masks from one part of a photo onto a grid over another part, turned or not. */
import type { Part, Point, Size } from "./picture.ts";

/** Values of `channels` interleaved planes. */
export interface Plane<Values extends Uint8Array | Float32Array> extends Size {
  readonly data: Values;
  readonly channels: 1 | 3;
}

/** x' = xx·x + xy·y + x0, and y' likewise. */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** Maps shares of a part, (0,0) to (1,1), to pixels of the photo. */
function toPhoto({ left, top, width, height, roll = 0 }: Part): Affine {
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  const [xx, xy, yx, yy] = [cos * width, -sin * height, sin * width, cos * height];
  return {
    ...{ xx, xy, yx, yy },
    x0: left + width / 2 - (xx + xy) / 2,
    y0: top + height / 2 - (yx + yy) / 2,
  };
}

/** Converts a point given as shares of a part to pixels of the photo. */
export function placeIn(part: Part, { x, y }: Point): Point {
  const { xx, xy, x0, yx, yy, y0 } = toPhoto(part);
  return { x: xx * x + xy * y + x0, y: yx * x + yy * y + y0 };
}

/** Maps pixels of the photo to shares of a part. */
export function toShares(part: Part): Affine {
  const { xx, xy, x0, yx, yy, y0 } = toPhoto(part);
  const scale = xx * yy - xy * yx;
  return {
    ...{ xx: yy / scale, xy: -xy / scale, yx: -yx / scale, yy: xx / scale },
    x0: (xy * y0 - yy * x0) / scale,
    y0: (yx * x0 - xx * y0) / scale,
  };
}

/** Converts a point in pixels of the photo to shares of a part. */
export function shareIn(part: Part, { x, y }: Point): Point {
  const { xx, xy, x0, yx, yy, y0 } = toShares(part);
  return { x: xx * x + xy * y + x0, y: yx * x + yy * y + y0 };
}

/** Maps shares of one part to cells of a grid over another. */
function between(onto: Part, over: Part, { width, height }: Size): Affine {
  const cell = (share: Point) => {
    const { x, y } = shareIn(over, placeIn(onto, share));
    return { x: x * width, y: y * height };
  };
  const [from, across, down] = [cell({ x: 0, y: 0 }), cell({ x: 1, y: 0 }), cell({ x: 0, y: 1 })];
  return {
    xx: across.x - from.x,
    xy: down.x - from.x,
    x0: from.x,
    yx: across.y - from.y,
    yy: down.y - from.y,
    y0: from.y,
  };
}

/**
 * Resamples the values over one part on a grid over another. Each new cell is a mean of the old values, bilinear between
 * the centres of the old cells and constant from the outermost centres to the border.
 * @param beyond what lies beyond that border: the outermost cells, or nothing (0)
 * @param least samples per new cell on each axis, even if the old cells are larger
 * @param most samples per new cell on each axis; few are enough for a picture that is only looked at
 */
export function laidOnto<Values extends Uint8Array | Float32Array>(
  { data, channels, width, height }: Plane<Values>,
  over: Part,
  onto: Part,
  size: Size,
  {
    beyond,
    least = 1,
    most = Number.POSITIVE_INFINITY,
  }: { readonly beyond: "edge" | "nothing"; readonly least?: number; readonly most?: number },
): Values {
  const { xx, xy, x0, yx, yy, y0 } = between(onto, over, { width, height });
  const across = Math.min(most, Math.max(least, Math.ceil(Math.hypot(xx, yx) / size.width - 1e-6)));
  const down = Math.min(most, Math.max(least, Math.ceil(Math.hypot(xy, yy) / size.height - 1e-6)));
  const whole = data instanceof Uint8Array;
  const result = new (whole ? Uint8Array : Float32Array)(size.width * size.height * channels) as Values;
  const samples = across * down;
  const cut = beyond === "nothing";
  const rounded = whole ? 0.5 : 0; // storing a byte truncates
  const rowStride = width * channels;
  const [us, vs] = [samplesOf(size.width, across), samplesOf(size.height, down)];
  for (let row = 0; row < size.height; row++)
    for (let column = 0; column < size.width; column++) {
      let first = 0;
      let second = 0;
      let third = 0;
      for (let i = 0; i < down; i++) {
        const v = vs[row * down + i] as number;
        for (let j = 0; j < across; j++) {
          const u = us[column * across + j] as number;
          const px = xx * u + xy * v + x0;
          const py = yx * u + yy * v + y0;
          if (cut && (px < 0 || py < 0 || px > width || py > height)) continue;
          const x = px < 0.5 ? 0 : px > width - 0.5 ? width - 1 : px - 0.5;
          const y = py < 0.5 ? 0 : py > height - 0.5 ? height - 1 : py - 0.5;
          const left = x | 0;
          const top = y | 0;
          const fx = x - left;
          const fy = y - top;
          const at = top * rowStride + left * channels;
          const next = left + 1 < width ? channels : 0;
          const below = top + 1 < height ? rowStride : 0;
          const a = (1 - fx) * (1 - fy);
          const b = fx * (1 - fy);
          const c = (1 - fx) * fy;
          const d = fx * fy;
          first +=
            a * (data[at] as number) +
            b * (data[at + next] as number) +
            c * (data[at + below] as number) +
            d * (data[at + below + next] as number);
          if (channels === 1) continue;
          second +=
            a * (data[at + 1] as number) +
            b * (data[at + next + 1] as number) +
            c * (data[at + below + 1] as number) +
            d * (data[at + below + next + 1] as number);
          third +=
            a * (data[at + 2] as number) +
            b * (data[at + next + 2] as number) +
            c * (data[at + below + 2] as number) +
            d * (data[at + below + next + 2] as number);
        }
      }
      const cell = (row * size.width + column) * channels;
      result[cell] = first / samples + rounded;
      if (channels === 1) continue;
      result[cell + 1] = second / samples + rounded;
      result[cell + 2] = third / samples + rounded;
    }
  return result;
}

/** Where a side of some cells is sampled, `each` times a cell: shares of the side. */
function samplesOf(cells: number, each: number): Float64Array {
  const shares = new Float64Array(cells * each);
  for (let cell = 0, i = 0; cell < cells; cell++)
    for (let j = 0; j < each; j++) shares[i++] = (cell + (j + 0.5) / each) / cells;
  return shares;
}

/** Whether a part is upright and lies within the photo, so that nothing has to be turned or extended. */
export function isWithin({ left, top, width, height, roll = 0 }: Part, photo: Size): boolean {
  return roll === 0 && left >= 0 && top >= 0 && left + width <= photo.width && top + height <= photo.height;
}

/** The smallest upright rectangle of whole pixels around a part. */
export function boxAround(part: Part): Part {
  const corners = [0, 1].flatMap((x) => [0, 1].map((y) => placeIn(part, { x, y })));
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, top] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))];
  return { left, top, width: Math.ceil(Math.max(...xs)) - left, height: Math.ceil(Math.max(...ys)) - top };
}
