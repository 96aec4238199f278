/** Several edits of one photo: one inversion, then an edit pass for each. */
import { randomUUID } from "node:crypto";
import type { EditRequest, EditResult } from "./request.ts";

/** What differs between alternatives of one photo; they share the rest of the request. */
export type Alternative = Pick<
  EditRequest,
  "prompt" | "locate" | "mask" | "located" | "face" | "maskOptions"
>;

/** Runs one edit and keeps inversions by scope: an engine's `edit`, or `editPortrait` with a cache. */
export type RunEdit = (request: EditRequest) => Promise<EditResult>;

/**
 * Edits one photo in several ways, one after another, and yields each result as soon as it is ready. All but the first
 * start at the edit pass, unless the runner has no room to keep an inversion, or the model's window in a larger photo
 * differs. The pictures are the same as those of separate edits. If the request has no scope, the inversion is kept
 * under a random one.
 * @throws what the runner throws, at the alternative that it refuses
 */
export async function* editAlternatives(
  run: RunEdit,
  shared: EditRequest,
  alternatives: readonly Partial<Alternative>[],
): AsyncGenerator<EditResult, void> {
  const { inversionScope = randomUUID(), locate, ...request } = shared;
  for (const alternative of alternatives) {
    // the region of the shared prompt does not apply to another prompt
    const looked = alternative.prompt === undefined && locate ? { locate } : {};
    yield await run({ ...request, ...looked, ...alternative, inversionScope });
  }
}
