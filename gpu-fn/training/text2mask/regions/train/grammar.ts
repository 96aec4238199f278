/** How lists of phrases are written: separated by semicolons, over as many lines as they take. */

/** Phrases as they stand, each with its own placeholders. */
export function bare(list: string): string[] {
  return list.split(";").map((phrase) => phrase.trim().replace(/\s+/g, " "));
}

/** What a subject is said to have: "a beard" becomes "{s} with a beard". */
export function carried(list: string): string[] {
  return bare(list).map((thing) => `{s} with ${thing}`);
}
