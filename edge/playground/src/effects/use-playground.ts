import { type Dispatch, useCallback, useEffect, useMemo, useReducer } from "preact/hooks";
import { type Wanted, wordsFault } from "../model/attributes.ts";
import { EXAMPLES } from "../model/examples.ts";
import { isMade } from "../model/history.ts";
import { hashOf, readHash } from "../model/link.ts";
import { recipeNow, reduce, wantedNow } from "../model/reduce.ts";
import { type Action, opening, type State } from "../model/state.ts";
import type { Tokens } from "../model/tokens.ts";
import { troubleFrom } from "../model/words.ts";
import { Access } from "./access.ts";
import { loadModel, loadPresets } from "./api.ts";
import { useLayer } from "./use-layer.ts";
import { type PhotoChoice, usePhoto } from "./use-photo.ts";
import { usePlaces } from "./use-places.ts";
import { useRegion } from "./use-region.ts";
import { useRun } from "./use-run.ts";

/** All that the page shows and does. */
export interface Playground {
  readonly state: State;
  readonly dispatch: Dispatch<Action>;
  /** What an edit would be asked for now. */
  readonly wanted: Wanted;
  /** Why it cannot be, for people; null if it can. */
  readonly fault: string | null;
  /** Whether the version shown is just that: the same again would make the same picture. */
  readonly made: boolean;
  readonly layer: OffscreenCanvas | null;
  readonly photo: PhotoChoice;
  readonly run: () => void;
  readonly cancel: () => void;
  readonly give: (tokens: Tokens) => void;
  /** The address that asks for the same again. */
  readonly link: () => string;
}

/** The page's state and the effects behind it. */
export function usePlayground(): Playground {
  const [state, dispatch] = useReducer(reduce, null, () => opening(readHash(location.hash)));
  const access = useMemo(() => new Access(() => dispatch({ type: "access", access: "needed" })), []);
  const wanted = wantedNow(state);
  const photo = usePhoto(access, dispatch);
  const failed = useCallback(
    (error: unknown) => dispatch({ type: "trouble", trouble: { ...troubleFrom(error), of: "page" } }),
    [],
  );
  const layer = useLayer(state.photo, state.region.located, state.strokes, failed);
  const runs = useRun(access, state, dispatch);
  useRegion(access, state, wanted, dispatch);
  useOpening(access, photo, dispatch, failed);
  usePlaces(state, photo, dispatch);

  const recipe = recipeNow(state);
  return {
    state,
    dispatch,
    wanted,
    fault: wordsFault(wanted),
    made: isMade(state.history, recipe),
    layer,
    photo,
    run: () => runs.start(recipe, layer),
    cancel: runs.cancel,
    give: (tokens) => {
      access.give(tokens);
      dispatch({ type: "access", access: "open" });
    },
    link: () => {
      const hash = hashOf({ ...recipe, example: state.photo?.example ?? null });
      return `${location.origin}${location.pathname}#${hash}`;
    },
  };
}

/** What happens once: tokens, presets, the model, and the photo that a link names. */
function useOpening(
  access: Access,
  photo: PhotoChoice,
  dispatch: Dispatch<Action>,
  failed: (error: unknown) => void,
): void {
  useEffect(() => {
    access.tokens().then(() => dispatch({ type: "access", access: "open" }), failed);
    loadPresets().then((presets) => dispatch({ type: "presets", presets }), failed);
    loadModel().then((model) => dispatch({ type: "model", model }), failed);
    if (history.state !== null) return; // a reload: the photo comes back with its versions
    const { example, wanted } = readHash(location.hash);
    const linked = EXAMPLES.find(({ name }) => name === example);
    if (linked !== undefined) photo.example({ ...linked, subject: wanted.subject });
  }, []);
}
