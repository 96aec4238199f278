/**
 * Finds what a request wants removed or left as it is. Models read descriptions: "remove the glasses" mentions glasses
 * and adds a second pair; "a woman without glasses" gives none.
 */
import type { Removal } from "../edit/request.ts";

const DETERMINER = "(?:her|his|their|its|my|the|these|those|this|that|any|all|an?|both|of|off) ";
const SUBJECT =
  "((?:an?|the|this) )?((?:[a-z-]+ )*?(?:person|man|woman|face|portrait|someone|girl|guy|lady))";

/** Courtesies before the request itself. */
const POLITE =
  /^(?:please,? |can you |could you |i(?:'d| would) like (?:you )?to |i want (?:you )?to |just )+/;
const AFTER_IT = /(?: from (?:her|his|their|the) face| please| now)+$/;

const EYEWEAR = /glass|spectacle|eyewear|shades|goggle|monocle|lens|frames/;
const BEARDS = /beard|goatee|m(?:o)?ustache|stubble|whisker|facial hair|sideburn/;

const phrase = (pattern: string) => new RegExp(`^${pattern}$`);

/** Requests to remove something, which the group `thing` captures. */
const REMOVAL: readonly RegExp[] = [
  phrase(
    "(?:remove|delete|erase|get rid of|take off|take away|take out|shave off|wipe off|wash off|lose|drop|ditch|eliminate) (?<thing>.+)",
  ),
  phrase("take (?<thing>.+) (?:off|away)"),
  phrase("(?:make|let) (?<thing>.+) (?:disappear|vanish|go away)"),
  phrase("stop (?:wearing )?(?<thing>.+)"),
];

/** Statements that something is absent. */
const ABSENCE: readonly RegExp[] = [
  // of other things the words stay as they are
  phrase(
    `(?:${SUBJECT} )?without (?<thing>.*(?:${EYEWEAR.source}|${BEARDS.source}|bangs|fringe|lipstick|smile).*)`,
  ),
  phrase(
    "(?:don't|do not|dont|never) (?:add|put|draw|give (?:her|him|them)|show|wear|have) (?<thing>.+?)(?: on.*)?",
  ),
  phrase(`(?:${SUBJECT} )?(?:with |wearing |has |having )?no (?<thing>.+)`),
  phrase(`(?:${SUBJECT} )?(?:is )?(?:not|isn't|never) (?:wearing|having) (?<thing>.+)`),
  phrase(
    `(?:(?:${SUBJECT}|he|she|they) )?(?:who |that )?(?:(?:do|does|should|must) not|(?:do|does|should|must)n't|no longer) (?:wears?|ha(?:ve|s)) (?<thing>.+)`,
  ),
  phrase(`(?:${SUBJECT} )?(?:who |that )?(?:is )?(?:not|isn't|never) (?<thing>smiling|grinning|laughing)`),
  phrase(
    `(?:${SUBJECT} )?(?:with |whose )?(?<thing>.+?)(?: is| are)? (?:removed|gone|taken off|erased|deleted|shaved off|off)`,
  ),
];

const PROTECTION: readonly RegExp[] = [
  phrase("(?:don't|do not|dont|never) (?:change|touch|edit|alter|modify|remove|take off|lose) (?<thing>.+)"),
  phrase("(?:keep|leave|preserve) (?<thing>.+?)(?: as (?:it is|they are|is)| unchanged| alone| the same)?"),
];

export type Asked =
  | {
      readonly kind: "absent";
      readonly subject: string | null;
      readonly things: readonly string[];
      readonly verb: boolean;
    }
  | { readonly kind: "kept"; readonly thing: string };

/** A clause in the form the patterns expect: lower case, straight apostrophes, no courtesies. */
export const plainClause = (clause: string) =>
  clause
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[.!?\s]+$/, "")
    .replace(POLITE, "")
    .replace(AFTER_IT, "")
    .trim();

const thingOf = (text: string) => text.replace(new RegExp(`^(?:${DETERMINER})+`), "").trim();

const thingsOf = (text: string) =>
  text
    .split(/ or | and |, ?| & /)
    .map(thingOf)
    .filter((thing) => thing !== "");

/** @returns null if the clause says what should be present */
export function askedOf(clause: string): Asked | null {
  const plain = plainClause(clause);
  for (const pattern of PROTECTION) {
    const { thing } = pattern.exec(plain)?.groups ?? {};
    if (thing !== undefined) return { kind: "kept", thing: thingOf(thing) };
  }
  for (const [patterns, verb] of [
    [REMOVAL, true],
    [ABSENCE, false],
  ] as const)
    for (const pattern of patterns) {
      const found = pattern.exec(plain);
      const thing = found?.groups?.thing;
      if (found === null || thing === undefined) continue;
      const noun = verb ? undefined : found[2];
      const subject = noun === undefined ? null : `${found[1]?.trim() ?? "a"} ${noun}`;
      return { kind: "absent", subject, things: thingsOf(thing), verb };
    }
  return null;
}

/** Phrases for what a portrait lacks, in the words of the training texts. */
const LACKING: readonly (readonly [RegExp, string])[] = [
  [EYEWEAR, "without glasses"],
  [BEARDS, "without a beard"],
  [/\b(?:bangs|fringe|forelock)\b/, "with no bangs"],
  [/lipstick|lip ?gloss|lip colou?r/, "without lipstick"],
  [/smil|grin|laugh/, "with a neutral expression"],
  [/^hair$/, "with no hair"],
];

/** Things whose absence the model sees in a photo (docs/words.md), and the captions that tell it. */
const SEEN: readonly (readonly [RegExp, Removal])[] = [
  [
    EYEWEAR,
    {
      thing: "glasses",
      without: "a person without glasses",
      shown: ["a person wearing glasses", "a person wearing sunglasses"],
    },
  ],
  [
    BEARDS,
    {
      thing: "beard",
      without: "a person without a beard",
      shown: ["a person with a beard", "a person with a mustache", "a person with a goatee"],
    },
  ],
];

/** How to see whether things to be removed are there at all; undefined for several, or if nothing tells. */
export const removalOf = (things: readonly string[]): Removal | undefined => {
  const [thing, ...more] = things;
  if (thing === undefined || more.length > 0) return undefined;
  return SEEN.find(([pattern]) => pattern.test(thing))?.[1];
};

/** "beard" → "without a beard". */
export const lacking = (thing: string): string =>
  LACKING.find(([pattern]) => pattern.test(thing))?.[1] ?? `without ${thing}`;
