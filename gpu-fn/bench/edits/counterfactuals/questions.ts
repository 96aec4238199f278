/** What the classifier can be asked of a photo, and what it cannot judge. */
import { LABELS } from "../attributes.ts";
import type { Judge, Sight } from "../judge.ts";
import { PRESENT_ABOVE, type Question } from "../verdict.ts";

/** Balanced accuracy on test photos through the autoencoder, from which the classifier's word counts. */
export const READABLE = 0.95;

const COLOUR = /^(.+)_hair$/;

/** The classifier's name for a drawn attribute: lipsticks have one. It may have none. */
export const labelOf = (attribute: string): string =>
  attribute.endsWith("_lipstick") ? "lipstick" : attribute;

/** How often the classifier is right of a label on photos; undefined if it was never tried. */
export function accuracyOf(
  label: string,
  { balancedAccuracy }: Pick<Judge, "balancedAccuracy">,
): number | undefined {
  return balancedAccuracy[COLOUR.test(label) ? "hair_colour" : label];
}

export const isReadable = (label: string, judge: Pick<Judge, "balancedAccuracy">): boolean =>
  (accuracyOf(label, judge) ?? 0) >= READABLE;

/**
 * What is asked of an edit of a photo, whose labels nobody gave: those that count are what the classifier itself says of
 * the source and says again of the truth.
 */
export function questionOf(
  attribute: string,
  gone: boolean,
  judge: Pick<Judge, "balancedAccuracy">,
  { source, truth }: { readonly source: Sight; readonly truth: Sight },
): Question {
  const asked = labelOf(attribute);
  const answers = (sight: Sight, label: string) => (sight.scores[label] ?? 0) > PRESENT_ABOVE;
  const kept = Object.keys(LABELS).filter(
    (label) =>
      label !== asked && isReadable(label, judge) && answers(source, label) === answers(truth, label),
  );
  return {
    asked: isReadable(asked, judge) ? asked : null,
    gone,
    preserved: new Map(kept.map((label) => [label, answers(source, label)])),
  };
}
