/** Joins what PASL sees in the square and what it sees around the square into one mask. */
import type { Mask, Part } from "../image/picture.ts";
import { laidOnto } from "../image/turn.ts";
import { connected } from "./connected.ts";

/** Width of the blend between the two looks along the square's border, as a share of its side. */
const RAMP = 1 / 16;

/** A mask that is nowhere above this along the square's border ends within the square: nothing of it is pasted there. */
const TRACE = 0.1;

/** Whether a mask of the square is more than a trace where it is blended with the second look. */
export function reachesBorder({ width, height, data }: Mask): boolean {
  const [across, down] = [Math.ceil(RAMP * width), Math.ceil(RAMP * height)];
  return data.some((value, cell) => {
    if (value <= TRACE) return false;
    const [x, y] = [cell % width, Math.floor(cell / width)];
    return x < across || y < down || x >= width - across || y >= height - down;
  });
}

/**
 * Joins a mask of the square and one of the square with its margin, on cells of about the first one's size.
 * @param outer undefined if nothing was looked for around the square
 */
export function joined(inner: Mask, square: Part, outer: Mask | undefined, around: Part): Mask {
  const cells = (count: number, from: number, to: number) => Math.round((count * to) / from);
  const size = {
    width: cells(inner.width, square.width, around.width),
    height: cells(inner.height, square.height, around.height),
  };
  const near = laidOnto({ ...inner, channels: 1 }, square, around, size, { beyond: "edge" });
  const data = outer
    ? laidOnto({ ...outer, channels: 1 }, around, around, size, { beyond: "edge" })
    : new Float32Array(near.length);
  // both parts have the same middle and the same roll
  const across = fromBorder(size.width, around.width / square.width);
  const down = fromBorder(size.height, around.height / square.height);
  const within = new Uint8Array(data.length);
  for (let y = 0, cell = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++, cell++) {
      const share = Math.min(across[x] as number, down[y] as number);
      if (share <= 0) continue;
      within[cell] = 1;
      const far = data[cell] as number;
      data[cell] = far + Math.min(share / RAMP, 1) * ((near[cell] as number) - far);
    }
  clearUnconnected({ ...size, data }, within);
  return { ...size, data };
}

/** Distance of each of `count` cells from the square's nearer border, as a share of its side; negative outside. */
function fromBorder(count: number, scale: number): Float32Array {
  const shares = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const share = 0.5 + scale * ((i + 0.5) / count - 0.5);
    shares[i] = Math.min(share, 1 - share);
  }
  return shares;
}

/** A cell above this value connects to its neighbours. */
const GOES_ON = 0.25;

/** Outside the square keeps only what connects to the inside: hair elsewhere is somebody else's, or not hair at all. */
function clearUnconnected(mask: Mask, within: Uint8Array): void {
  const { data } = mask;
  const kept = connected(
    mask,
    (cell) => within[cell] === 1,
    (value) => value > GOES_ON,
  );
  for (let cell = 0; cell < data.length; cell++) if (kept[cell] === 0) data[cell] = 0;
}
