/**
 * PASL looks twice: at the square around the face, where it is sharpest, and around it, where hair and skin continue. What
 * ends within the square is looked for once.
 */
import { toModel } from "../image/crop.ts";
import type { Mask, Part, Size } from "../image/picture.ts";
import { placeIn } from "../image/turn.ts";
import type { Model } from "../model/model.ts";
import { joined, reachesBorder } from "./joined-looks.ts";
import type { SeenPhoto } from "./seen-photo.ts";

/** Margin of the second look on each side of the square, as a share of its side. Faces are then 0.6 of FFHQ's size. */
const AROUND = 3 / 16;

/** The second look is skipped if a smaller share than this of the added area lies in the photo. */
const LEAST_ADDED = 0.05;

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
  const goingOn = prompts.filter((_, i) => reachesBorder(masks[i] as Mask));
  const around = goingOn.length === 0 ? undefined : await lookAround(model, seen, over, goingOn);
  const wider = masks.map((mask, i) =>
    joined(mask, seen.square, around?.masks[goingOn.indexOf(prompts[i] as string)], over),
  );
  return { masks: wider, over, made: { features, ...(around && { around: around.features }) } };
}

async function lookAround(
  model: Pick<Model, "locate">,
  { photo, image, around }: SeenPhoto,
  over: Part,
  prompts: readonly string[],
) {
  const side = Math.min(SIDE, Math.sqrt(image.length / 3));
  return model.locate(around ?? (await toModel(photo, over, { height: side, width: side })), prompts);
}
