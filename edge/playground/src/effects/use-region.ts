import { type Dispatch, useEffect } from "preact/hooks";
import type { Action, State } from "../model/state.ts";
import { promptsOf, type Wanted, wordsFault } from "../model/wanted.ts";
import { troubleFrom } from "../model/words.ts";
import type { Access } from "./access.ts";
import { editClient, here } from "./api.ts";

/** Quiet time after the last change before a region is asked for, in milliseconds. */
const PAUSE_MS = 300;

/** Has the region of the words located whenever they, the photo or the sliders change; what was under way is dropped. */
export function useRegion(access: Access, state: State, wanted: Wanted, dispatch: Dispatch<Action>): void {
  const image = state.photo?.image ?? null;
  const { settings, tries } = state.region;
  const { grow, feather } = settings;
  const prompts = wordsFault(wanted) === null ? JSON.stringify(promptsOf(wanted)) : "[]";
  useEffect(() => {
    const texts: string[] = JSON.parse(prompts);
    if (image === null || texts.length === 0) {
      dispatch({ type: "located", located: null });
      return;
    }
    const ending = new AbortController();
    const { signal } = ending;
    dispatch({ type: "locating" });
    const timer = setTimeout(async () => {
      try {
        const client = await editClient(access);
        const edits = texts.map((prompt) => ({ prompt }));
        const { mask, regions } = await client.createMask({ image, edits, grow, feather }, { signal });
        dispatch({ type: "located", located: { url: here(mask.url), coverage: mask.coverage, regions } });
      } catch (error) {
        if (signal.aborted) return;
        dispatch({ type: "located", located: null });
        dispatch({ type: "trouble", trouble: { ...troubleFrom(error), of: "region" } });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [access, image, prompts, grow, feather, tries, dispatch]);
}
