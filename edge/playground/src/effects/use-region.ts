import { type Dispatch, useEffect } from "preact/hooks";
import { ApiError } from "../../../../shared/client/src/errors.ts";
import { promptsOf, type Wanted, wordsFault } from "../model/attributes.ts";
import type { Action, State } from "../model/state.ts";
import { troubleFrom } from "../model/words.ts";
import type { Access } from "./access.ts";
import { editClient, here } from "./api.ts";

/** Quiet time after the last change before a region is asked for, in milliseconds. */
const PAUSE_MS = 300;

/** Asked for while nothing is: whether there are faces, and where, is worth knowing before the first word. */
const ANY_FACE = ["a smiling person"];

/**
 * Has the region of the words located whenever they, the photo, the face or the sliders change; what was under way is
 * dropped. Where none can be had, the page says why in place of the edit.
 */
export function useRegion(access: Access, state: State, wanted: Wanted, dispatch: Dispatch<Action>): void {
  const image = state.photo?.image ?? null;
  const { settings, tries, face } = state.region;
  const { grow, feather } = settings;
  const prompts = wordsFault(wanted) === null ? JSON.stringify(promptsOf(wanted)) : "[]";
  useEffect(() => {
    const texts: string[] = JSON.parse(prompts);
    if (image === null) {
      dispatch({ type: "located", located: null });
      return;
    }
    const asked = texts.length > 0;
    const ending = new AbortController();
    const { signal } = ending;
    dispatch(asked ? { type: "locating" } : { type: "located", located: null });
    const timer = setTimeout(async () => {
      try {
        const client = await editClient(access);
        const edits = (asked ? texts : ANY_FACE).map((prompt) => ({ prompt }));
        const order = { image, edits, grow, feather, ...(face !== null && { face }) };
        const { mask, regions, faces } = await client.createMask(order, { signal });
        const located = { url: here(mask.url), coverage: mask.coverage, regions };
        dispatch({ type: "located", located: asked ? located : null, faces });
      } catch (error) {
        if (signal.aborted) return;
        const fault = troubleFrom(error);
        if (!fault.retry && (asked || isAboutPhoto(error))) return dispatch({ type: "unlocated", fault });
        dispatch({ type: "located", located: null });
        if (asked) dispatch({ type: "trouble", trouble: { ...fault, of: "region" } });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [access, image, prompts, grow, feather, face, tries, dispatch]);
}

const isAboutPhoto = (error: unknown) =>
  error instanceof ApiError && (error.code === "no_face" || error.code === "image_rejected");
