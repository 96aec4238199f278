/** Several wishes for one photo: one inversion, an edit pass for each. */
import { randomUUID } from "node:crypto";
import type { EditRequest, EditResult } from "./request.ts";

/** What differs between alternatives of one photo; the rest of the request is theirs together. */
export type Alternative = Pick<
  EditRequest,
  "prompt" | "locate" | "mask" | "located" | "face" | "maskOptions"
>;

/** Runs one edit, and keeps inversions under their scope: an engine's `edit`, or `editPortrait` with a cache. */
export type RunEdit = (request: EditRequest) => Promise<EditResult>;

/**
 * Edits one photo in several ways, one after another; each result comes as soon as it is there. All but the first start
 * at the edit pass, unless the runner has no room to keep an inversion, or the model's window in a larger photo is
 * another; the pictures are those of separate edits. Without a scope of the request's own the inversion is kept under
 * one that nobody else has.
 * @throws what the runner throws, at the alternative that it refuses
 */
export async function* editAlternatives(
  run: RunEdit,
  shared: EditRequest,
  alternatives: readonly Partial<Alternative>[],
): AsyncGenerator<EditResult, void> {
  const { inversionScope = randomUUID(), locate, ...request } = shared;
  for (const alternative of alternatives) {
    // words of the shared prompt are no place to look for another one
    const looked = alternative.prompt === undefined && locate ? { locate } : {};
    yield await run({ ...request, ...looked, ...alternative, inversionScope });
  }
}
