/** Requests to remove things, in words for a face that lacks them. */
import { LOCATED } from "../../../shared/attributes.ts";
import { type Asked, askedOf, lacking, removalOf } from "./absence.ts";
import type { Clause } from "./clause.ts";
import { contentOf } from "./content.ts";
import { onFace } from "./on-face.ts";
import type { Taught } from "./taught.ts";
import { isTaught, subjectOf, untaught, wellSpelt } from "./taught-words.ts";

/** Where something to be added follows: "remove the background and add glasses". */
const ADDED = /\s*(?:[,;]|\b(?:and|but)\b)\s*(?:(?:and|but|then) )?(?=(?:with|wearing|add|put|make|give)\b)/i;

/** Words that add something, whatever was removed before. */
export const ADDS = /\b(?:with|wearing|add|put|make|give)\b/i;

/** A clause that removes something apart from what it adds; splitting by regions alone leaves "remove the background, add …" whole. */
export const apart = (clause: string): readonly string[] =>
  askedOf(clause)?.kind === "absent" ? clause.split(ADDED) : [clause];

type Absent = Extract<Asked, { kind: "absent" }>;

/**
 * Describes a face without some things. What no face has ("remove the background") is left out by name: it would be edited at
 * random, and charged.
 * @param source the source prompt, if the clause is the request's first; else null
 * @param taught null for models whose text encoders know the language
 */
export async function without(
  asked: string,
  gone: Absent,
  source: string | null,
  { taught, masked }: { readonly taught: Taught | null; readonly masked: boolean },
): Promise<readonly Clause[]> {
  const things: string[] = [];
  const left: Clause[] = [];
  for (const thing of gone.things) {
    const spelt = taught === null ? thing : wellSpelt(thing, taught);
    if (taught === null ? masked || onFace(thing).text !== null : isThing(spelt, taught)) things.push(spelt);
    else if (taught === null) left.push({ ...onFace(thing), asked });
    else left.push({ ...(await untaught(gone.things.length > 1 ? thing : asked, taught)), asked });
  }
  if (things.length === 0) return left;
  const said = [...new Set(things.map(lacking))].join(", ");
  const subject = gone.subject ?? (source === null ? null : subjectOf(source));
  const text = subject === null ? said : `${subject} ${said}`;
  return [{ asked, text, removal: removalOf(things) }, ...left];
}

/** Whether a model was taught a thing that a face can have. "Her" alone is none. */
function isThing(thing: string, { vocabulary }: Taught): boolean {
  const content = contentOf(thing);
  return LOCATED.test(thing) || (content.length > 0 && isTaught(content, vocabulary));
}
