import type { EditResult } from "../../src/edit/request.ts";
import { InputError } from "../../src/errors.ts";
import { fromModel, toModel, wholeOf } from "../../src/image/crop.ts";
import type { Part, Size } from "../../src/image/picture.ts";
import { laidOnto, placeIn } from "../../src/image/turn.ts";
import type { CasePictures } from "./cases.ts";
import type { EditedPictures } from "./editor.ts";
import { differingOutside } from "./metrics.ts";

/** Side at which what is delivered of a photo is judged: that of the drawn truths. */
export const FINE = 256;

/** Share of a square's side by which the model may see another one: it finds the face again in what it edited before. */
const ELSEWHERE = 0.1;

/**
 * What the engine made of a case's file, in the part of it that the case's pictures show.
 * @throws InputError if the model saw quite another part: one with a window sees another for each mask
 */
export async function picturesOf(
  { decoded, reconstructed, mask, edited, source, window }: EditResult,
  { part }: Pick<CasePictures, "part">,
): Promise<EditedPictures & Required<Pick<EditedPictures, "mask" | "reconstructed" | "pasted">>> {
  if (part === undefined) return { picture: decoded, reconstructed, mask, pasted: edited.rgb };
  const { size } = window;
  const { width, height } = edited;
  const moved = apart(part, window.part);
  if (moved > ELSEWHERE)
    throw new InputError(
      "option_invalid",
      "photos are judged in the face's square, and the model saw another part",
    );
  const inPart = (data: Uint8Array) =>
    moved === 0
      ? data
      : laidOnto({ data, channels: 3, ...size }, window.part, part, size, { beyond: "edge" });
  const seen = async (side: number) => fromModel(await toModel(edited, part, { width: side, height: side }));
  const grey = { data: mask, width, height, channels: 1 } as const;
  const maskOf = (size: Size) => laidOnto(grey, wholeOf(edited), part, size, { beyond: "nothing" });
  return {
    picture: inPart(decoded),
    reconstructed: inPart(reconstructed),
    mask: maskOf(size),
    pasted: await seen(size.width),
    fine: { picture: await seen(FINE), mask: maskOf({ width: FINE, height: FINE }) },
    differing: differingOutside(edited.rgb, source.rgb, mask),
  };
}

/** How far a corner of one square lies from the other's, as share of the side. */
function apart(a: Part, b: Part): number {
  const corners = [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 0, y: 1 },
  ];
  const far = corners.map((corner) => {
    const [one, other] = [placeIn(a, corner), placeIn(b, corner)];
    return Math.hypot(one.x - other.x, one.y - other.y);
  });
  return Math.max(...far) / a.width;
}
