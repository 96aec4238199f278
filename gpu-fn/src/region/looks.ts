/** PASL looks twice: at the square around the face, where it is sharpest, and around it, where hair and skin continue. */
import { toModel } from "../image/crop.ts";
import type { Mask, Part, Size } from "../image/picture.ts";
import { laidOnto, placeIn } from "../image/turn.ts";
import type { Model } from "../model/model.ts";
import type { SeenPhoto } from "./seen-photo.ts";

/** Margin of the second look on each side of the square, as a share of its side. Faces are then 0.6 of FFHQ's size. */
const AROUND = 3 / 16;

/** The second look is skipped if a smaller share than this of the added area lies in the photo. */
const LEAST_ADDED = 0.05;

/** Width of the blend between the two looks along the square's border, as a share of its side. */
const RAMP = 1 / 16;

/** Most pixels per side of the second look's picture, which is never larger than the first's: PASL sees fewer. */
const SIDE = 256;

/** The part that masks cover: the square, with its margin if enough of that lies in the photo. */
export function lookedPart({ square, photo }: Pick<SeenPhoto, "square" | "photo">): Part {
  const around = grown(square);
  return addedShare(square, around, photo) < LEAST_ADDED ? square : around;
}

/** An upright square grows to whole pixels, because it is cut out of the photo and pasted back on whole pixels. */
function grown(square: Part): Part {
  const { left, top, width, height, roll } = square;
  const whole = (length: number) => (roll ? length : Math.round(length));
  const [dx, dy] = [whole(AROUND * width), whole(AROUND * height)];
  return { ...square, left: left - dx, top: top - dy, width: width + 2 * dx, height: height + 2 * dy };
}

/** Samples on each axis. */
const GRID = 24;

/** Share of the margin around a square that lies in the photo, 0…1. */
function addedShare(square: Part, around: Part, photo: Size): number {
  const rim = (square.left - around.left) / around.width;
  const isIn = (share: number) => share > rim && share < 1 - rim;
  let [added, within] = [0, 0];
  for (let i = 0; i < GRID * GRID; i++) {
    const share = { x: ((i % GRID) + 0.5) / GRID, y: (Math.floor(i / GRID) + 0.5) / GRID };
    if (isIn(share.x) && isIn(share.y)) continue;
    added++;
    const { x, y } = placeIn(around, share);
    if (x >= 0 && y >= 0 && x < photo.width && y < photo.height) within++;
  }
  return within / added;
}

export interface Looked {
  /** Each prompt's mask over `over`. */
  readonly masks: readonly Mask[];
  readonly over: Part;
  /** PASL's features of the photo: the same for every prompt. */
  readonly made: Pick<SeenPhoto, "features" | "around">;
}

/** @throws InputError `mask_required` if the model locates nothing */
export async function look(
  model: Pick<Model, "locate">,
  seen: SeenPhoto,
  prompts: readonly string[],
): Promise<Looked> {
  const over = lookedPart(seen);
  const { features, masks } = await model.locate(seen.features ?? seen.image, prompts);
  if (over === seen.square) return { masks, over, made: { features } };
  const side = Math.min(SIDE, Math.sqrt(seen.image.length / 3));
  const picture = seen.around ?? (await toModel(seen.photo, over, { height: side, width: side }));
  const around = await model.locate(picture, prompts);
  const joined = masks.map((mask, i) => join(mask, seen.square, around.masks[i] as Mask, over));
  return { masks: joined, over, made: { features, around: around.features } };
}

/** Joins a mask of the square and one of the square with its margin, on cells of about the first one's size. */
function join(inner: Mask, square: Part, outer: Mask, around: Part): Mask {
  const cells = (count: number, from: number, to: number) => Math.round((count * to) / from);
  const size = {
    width: cells(inner.width, square.width, around.width),
    height: cells(inner.height, square.height, around.height),
  };
  const near = laidOnto({ ...inner, channels: 1 }, square, around, size, { beyond: "edge" });
  const data = laidOnto({ ...outer, channels: 1 }, around, around, size, { beyond: "edge" });
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
  return Float32Array.from({ length: count }, (_, i) => {
    const share = 0.5 + scale * ((i + 0.5) / count - 0.5);
    return Math.min(share, 1 - share);
  });
}

/** A cell above this value connects to its neighbours. */
const GOES_ON = 0.25;

/** Outside the square keeps only what connects to the inside: hair elsewhere is somebody else's, or not hair at all. */
function clearUnconnected({ width, height, data }: Mask, within: Uint8Array): void {
  const kept = within.slice();
  const next = new Int32Array(data.length);
  let count = 0;
  for (let cell = 0; cell < data.length; cell++)
    if (within[cell] === 1 && (data[cell] as number) > GOES_ON) next[count++] = cell;
  const reach = (cell: number) => {
    if (kept[cell] === 1 || (data[cell] as number) <= GOES_ON) return;
    kept[cell] = 1;
    next[count++] = cell;
  };
  while (count > 0) {
    const cell = next[--count] as number;
    const column = cell % width;
    if (cell >= width) reach(cell - width);
    if (cell < width * (height - 1)) reach(cell + width);
    if (column > 0) reach(cell - 1);
    if (column < width - 1) reach(cell + 1);
  }
  for (let cell = 0; cell < data.length; cell++) if (kept[cell] === 0) data[cell] = 0;
}
