import { type Dispatch, useCallback, useRef } from "preact/hooks";
import type { Recipe } from "../model/history.ts";
import type { Action, State } from "../model/state.ts";
import { type Trouble, troubleFrom, troubleOf } from "../model/words.ts";
import type { Access } from "./access.ts";
import { editClient } from "./api.ts";
import { maskFile } from "./mask-picture.ts";
import { EditFailure, orderOf, runRecipe } from "./run-edit.ts";

export interface Runs {
  /** Makes an edit of the photo. @param layer the region with its strokes */
  readonly start: (recipe: Recipe, layer: OffscreenCanvas | null) => void;
  readonly cancel: () => void;
}

/** Runs edits, one at a time. */
export function useRun(
  access: Access,
  { photo, presets }: Pick<State, "photo" | "presets">,
  dispatch: Dispatch<Action>,
): Runs {
  const cancelling = useRef<() => void>(() => undefined);

  const start = useCallback(
    async (recipe: Recipe, layer: OffscreenCanvas | null) => {
      if (photo?.image == null) return;
      const ending = new AbortController();
      cancelling.current = () => ending.abort();
      dispatch({ type: "run", recipe });
      try {
        const client = await editClient(access);
        const mask = recipe.strokes.length > 0 && layer !== null ? await maskFile(layer, photo) : null;
        const order = orderOf(recipe, photo.image, presets, mask);
        const made = await runRecipe(client, order, {
          signal: ending.signal,
          // the server ends the run within a step and says so in the stream
          accepted: ({ id }) => {
            cancelling.current = () => void client.cancelEdit(id).catch(() => ending.abort());
          },
          news: (news) => dispatch({ type: "running", news }),
        });
        dispatch({ type: "ran", ...made });
      } catch (error) {
        dispatch({ type: "stopped" });
        const trouble = ending.signal.aborted ? null : troubleIn(error);
        if (trouble !== null) dispatch({ type: "trouble", trouble: { ...trouble, of: "edit" } });
      }
    },
    [access, photo, presets, dispatch],
  );
  const cancel = useCallback(() => cancelling.current(), []);
  return { start: (recipe, layer) => void start(recipe, layer), cancel };
}

/** Words for how an edit failed; null for one that was cancelled as asked. */
function troubleIn(error: unknown): Trouble | null {
  if (!(error instanceof EditFailure)) return troubleFrom(error);
  const { status, error: reason } = error.edit;
  if (status === "canceled") return null;
  return reason === null ? troubleFrom(error) : troubleOf(reason.code, reason.detail);
}
