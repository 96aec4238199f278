import { joinPrompts } from "../../../shared/attributes.ts";
import { DEFAULT_SOURCE_PROMPT } from "../../../shared/prompt.ts";
import type { EditRequest } from "../edit/request.ts";
import type { FoundRegion, LocateRequest } from "../region/request.ts";
import { type Reading, readRequest, type Taught } from "./reader.ts";

interface Read<Request> {
  /** In the words that the model reads. */
  readonly request: Request;
  readonly reading: Reading;
}

/** @throws InputError `prompt_invalid` */
export async function readEdit(request: EditRequest, taught: Taught | null): Promise<Read<EditRequest>> {
  const { prompt, locate = [prompt], sourcePrompt: source, mask } = request;
  const reading = await readRequest({ prompt, locate }, { source, masked: mask !== undefined }, taught);
  const removal = mask === undefined ? reading.removal : undefined;
  const words = { prompt: reading.prompt, locate: reading.locate, ...(removal && { removal }) };
  return { request: { ...request, ...words }, reading };
}

/** @throws InputError `prompt_invalid` */
export async function readLocate(
  request: LocateRequest,
  taught: Taught | null,
): Promise<Read<LocateRequest>> {
  const { locate } = request;
  const around = { source: DEFAULT_SOURCE_PROMPT, masked: false };
  const reading = await readRequest({ prompt: joinPrompts(locate), locate }, around, taught);
  return { request: { ...request, locate: reading.locate }, reading };
}

/** The regions labelled with the words of the request, not with those they were read as. */
export function inAskedWords(found: FoundRegion, { asked }: Reading): FoundRegion {
  const regions = found.regions.map((region, i) => ({ ...region, prompt: asked[i] ?? region.prompt }));
  return { ...found, regions };
}
