import { type Dispatch, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { recipeNow } from "../model/reduce.ts";
import type { Action, State } from "../model/state.ts";
import { forgetOldSessions, keepSession, keptSession } from "./session-store.ts";
import type { PhotoChoice } from "./use-photo.ts";

/** Where the page is: a photo and the version shown. The browser's history keeps one for each step; null: the welcome. */
interface Place {
  readonly session: string;
  readonly at: string | null;
}

/** Quiet time before what changed is kept, in milliseconds. */
const PAUSE_MS = 400;

const isSame = (a: Place | null, b: Place | null) => a?.session === b?.session && a?.at === b?.at;

const placeOf = ({ photo, history }: State): Place | null =>
  photo && { session: photo.session, at: history.at };

/** What a browser without storage gives (private windows): then a reload begins anew, and nothing else is lost. */
const unkept = () => null;

/**
 * Back, forward and reload: each photo and version is a step of the browser's history, and this browser keeps what a step
 * needs to be shown again.
 */
export function usePlaces(state: State, photo: PhotoChoice, dispatch: Dispatch<Action>): void {
  const now = useRef(state);
  now.current = state;
  const place = placeOf(state);
  // a reload finds where it was: until that is shown again, the page that opens is no step of its own
  const opening = useRef<Place | null>(history.state);
  const unsaved = useRef<Parameters<typeof keepSession>[0] | null>(null);
  const saving = useRef<Promise<unknown>>(Promise.resolve());
  const save = () => {
    if (unsaved.current !== null) saving.current = keepSession(unsaved.current).catch(unkept);
    unsaved.current = null;
  };

  useEffect(() => {
    const show = async (wanted: Place | null) => {
      if (wanted === null) return photo.close();
      if (now.current.photo?.session === wanted.session) return dispatch({ type: "choose", at: wanted.at });
      // who steps back and forward again at once comes before what was left is kept
      save();
      await saving.current;
      const kept = await keptSession(wanted.session).catch(unkept);
      if (!isSame(history.state, wanted)) return;
      if (kept !== null) return photo.restore(kept, wanted.at);
      history.replaceState(null, "");
      photo.close();
    };
    if (opening.current !== null) void show(opening.current).finally(() => (opening.current = null));
    void forgetOldSessions().catch(unkept);
    const onPop = (event: PopStateEvent) => void show(event.state);
    addEventListener("popstate", onPop);
    return () => removeEventListener("popstate", onPop);
  }, [photo.close, photo.restore, dispatch]);

  // with what is drawn: later, another step may have been taken, and this one would be laid over those ahead of it
  useLayoutEffect(() => {
    if (opening.current === null && !isSame(history.state, place)) history.pushState(place, "");
  }, [place?.session, place?.at]);

  const { photo: shown, wanted, plan, region, strokes } = state;
  const { settings, face } = region;
  useEffect(() => {
    if (shown?.image == null || shown.blob === null) return;
    unsaved.current = { photo: shown, history: state.history, recipe: recipeNow(state) };
    const timer = setTimeout(save, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [shown, state.history, wanted, plan, settings, face, strokes]);
  // a photo that is left within the pause is kept with its latest version
  useEffect(() => save, [shown?.session]);
}
