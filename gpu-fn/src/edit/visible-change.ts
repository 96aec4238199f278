/** Whether an edit did anything: how much of its region it changed. */
import { InputError } from "../errors.ts";

/** Levels of 255 from which a change is visible; the decoder's picture of an untouched place changes by less. */
const SEEN = 10;

/**
 * Share of a region's pixels in which an edit is visible.
 * @param edited `n·3` bytes, interleaved RGB: the decoder's picture after the edit; `before` likewise, of the untouched latent
 * @param outside 1 for pixels outside the region, else 0; `n` bytes
 * @returns 0…1; 0 if the region has no pixel
 */
export function changedShare(edited: Uint8Array, before: Uint8Array, outside: Uint8Array): number {
  let [inside, changed] = [0, 0];
  for (const [i, out] of outside.entries()) {
    if (out !== 0) continue;
    inside++;
    const moved = (c: number) => Math.abs((edited[3 * i + c] as number) - (before[3 * i + c] as number));
    if (Math.max(moved(0), moved(1), moved(2)) >= SEEN) changed++;
  }
  return inside === 0 ? 0 : changed / inside;
}

/** Smallest visible share of an edit, for prompts in taught words and for others, which change more by chance. */
const LEAST_CHANGED = { familiar: 0.03, strange: 0.1 } as const;

/** Whether too little of an edit is visible. */
export const isUnchanged = ({
  changed,
  familiar,
}: {
  readonly changed: number;
  readonly familiar: boolean;
}) => changed < LEAST_CHANGED[familiar ? "familiar" : "strange"];

/**
 * @param familiar whether the model was trained on all words of the prompt
 * @param nearest a wording that the model knows, if the prompt's own is unfamiliar and one is near
 * @param readAs what the model read in place of the prompt
 * @throws InputError `unchanged`
 */
export function requireChange(edit: {
  readonly changed: number;
  readonly familiar: boolean;
  readonly nearest: string | null;
  readonly readAs: string | null;
}): void {
  if (!isUnchanged(edit)) return;
  const { familiar, nearest, readAs } = edit;
  // a missing hat that was not drawn and one that was there look the same from here
  const why = familiar
    ? "the photo shows it already or this model cannot draw it there"
    : "this model does not know how to draw it";
  const read = readAs === null ? "" : ` of "${readAs}"`;
  const instead = familiar || nearest === null ? "other words" : `"${nearest}"`;
  throw new InputError(
    "unchanged",
    `nothing looks different after the edit${read}, as ${why}: try ${instead}, or a mask; it is not charged`,
  );
}
