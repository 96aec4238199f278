import { SNIPPET_LANGUAGES, type SnippetLanguage } from "../../../../shared/snippets/request.ts";
import { snippet } from "../../../../shared/snippets/snippets.ts";
import { promptsOf, sourcePromptOf } from "./attributes.ts";
import type { Recipe } from "./history.ts";
import { type Preset, scheduleFor } from "./schedule-choice.ts";

/** Languages that what was done is shown in. */
export const CODE_LANGUAGES = SNIPPET_LANGUAGES;

/**
 * The request that makes a version again, as a program would send it. The photo is an upload's id; what was painted stays
 * here, and a mask stands in its place.
 */
export function codeOf(
  language: SnippetLanguage,
  { wanted, plan, mask, strokes, face }: Recipe,
  presets: readonly Preset[],
  origin: string,
): string {
  const body = {
    image: "img_…",
    source_prompt: sourcePromptOf(wanted.subject),
    edits: promptsOf(wanted).map((prompt) => ({ prompt })),
    schedule: scheduleFor(presets, plan),
    ...(face !== null && { face }),
    ...(strokes.length > 0 ? { mask: "img_…" } : { mask_options: mask }),
  };
  return snippet(language, {
    operation: "createEdit",
    method: "post",
    origin,
    path: "/v1/edits",
    ids: [],
    keyed: true,
    body,
    file: false,
  });
}
