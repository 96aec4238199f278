import type { EditResult } from "../../src/edit/request.ts";
import { InputError } from "../../src/errors.ts";
import { fromModel, toModel, wholeOf } from "../../src/image/crop.ts";
import type { Part } from "../../src/image/picture.ts";
import { laidOnto } from "../../src/image/turn.ts";
import type { CasePictures } from "./cases.ts";
import type { EditedPictures } from "./editor.ts";
import { differingOutside } from "./metrics.ts";

/** Side at which what is delivered of a photo is judged: that of the drawn truths. */
export const FINE = 256;

/**
 * What the engine made of a case's file, in the part of it that the case's pictures show.
 * @throws InputError if the model saw another part: one with a window sees another for each mask
 */
export async function picturesOf(
  { decoded: picture, reconstructed, mask, edited, source, window }: EditResult,
  { part }: Pick<CasePictures, "part">,
): Promise<EditedPictures & Required<Pick<EditedPictures, "mask" | "reconstructed" | "pasted">>> {
  if (part === undefined) return { picture, reconstructed, mask, pasted: edited.rgb };
  if (!same(part, window.part))
    throw new InputError(
      "option_invalid",
      "photos are judged in the face's square, and the model saw another part",
    );
  const { width, height } = edited;
  const seen = async (side: number) => fromModel(await toModel(edited, part, { width: side, height: side }));
  const grey = { data: mask, width, height, channels: 1 } as const;
  return {
    picture,
    reconstructed,
    mask: laidOnto(grey, wholeOf(edited), part, window.size, { beyond: "nothing" }),
    pasted: await seen(window.size.width),
    fine: await seen(FINE),
    differing: differingOutside(edited.rgb, source.rgb, mask),
  };
}

const same = (a: Part, b: Part) =>
  (["left", "top", "width", "height", "roll"] as const).every((key) => (a[key] ?? 0) === (b[key] ?? 0));
