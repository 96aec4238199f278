import { InputError } from "../../../src/errors.ts";
import { type EditCase, editCases, LOOKED_AT } from "../cases.ts";

/**
 * The first `count` cases of an attribute from `seed` on that a study can use.
 * @throws InputError if there are too few, or a seed is one of training's
 */
export function chosenCases(
  attribute: string,
  seed: number,
  count: number,
  wanted: (edit: EditCase) => boolean,
): EditCase[] {
  const end = seed + Math.max(LOOKED_AT.least, LOOKED_AT.each * count);
  const chosen: EditCase[] = [];
  for (let next = seed; chosen.length < count; ) {
    const [edit] = editCases(attribute, next, 1);
    if (edit === undefined || edit.seed >= end)
      throw new InputError(
        "option_invalid",
        `${attribute}: only ${chosen.length} of ${end - seed} portraits from ${seed} will do`,
      );
    if (wanted(edit)) chosen.push(edit);
    next = edit.seed + 1;
  }
  return chosen;
}
