import { type Dispatch, useCallback, useRef } from "preact/hooks";
import { EXAMPLE_SIDE, type Example, pictureOf, thumbnailOf } from "../model/examples.ts";
import type { Action } from "../model/state.ts";
import { troubleFrom } from "../model/words.ts";
import type { Access } from "./access.ts";
import { uploadPhoto } from "./api.ts";
import { type OpenedPhoto, openPhoto, PhotoError } from "./photo-file.ts";

/** Ways to choose the photo. */
export interface PhotoChoice {
  readonly file: (file: File) => void;
  readonly example: (example: Example) => void;
  /** Uploads again what was chosen last. */
  readonly again: () => void;
  readonly close: () => void;
}

interface Chosen {
  readonly opened: OpenedPhoto;
  readonly url: string;
}

/** Opens, shows and uploads photos, one at a time: a new one ends what is under way for the one before. */
export function usePhoto(access: Access, dispatch: Dispatch<Action>): PhotoChoice {
  const ending = useRef(new AbortController());
  const chosen = useRef<Chosen | null>(null);

  const begin = useCallback((): AbortSignal => {
    ending.current.abort();
    ending.current = new AbortController();
    return ending.current.signal;
  }, []);

  const upload = useCallback(
    async ({ opened, url }: Chosen, signal: AbortSignal) => {
      try {
        const progress = (share: number) => dispatch({ type: "uploading", share });
        const image = await uploadPhoto(access, opened.blob, opened.type, { signal, progress });
        if (!signal.aborted) dispatch({ type: "uploaded", url, image });
      } catch (error) {
        if (!signal.aborted) dispatch({ type: "trouble", trouble: { ...troubleFrom(error), of: "photo" } });
      }
    },
    [access, dispatch],
  );

  const choose = useCallback(
    async (file: () => Promise<File>, example: Example | null) => {
      const signal = begin();
      try {
        const source = await file();
        const opened = await openPhoto(source);
        if (signal.aborted) return;
        if (chosen.current !== null) URL.revokeObjectURL(chosen.current.url);
        const url = URL.createObjectURL(opened.blob);
        chosen.current = { opened, url };
        const { width, height } = opened;
        const photo = { name: source.name, example: example?.name ?? null, url, width, height, image: null };
        dispatch({ type: "photo", photo, subject: example?.subject ?? null });
        await upload(chosen.current, signal);
      } catch (error) {
        if (signal.aborted) return;
        const words =
          error instanceof PhotoError
            ? { title: "This photo cannot be used", advice: error.message, retry: false }
            : troubleFrom(error);
        if (example !== null) dispatch({ type: "close" });
        dispatch({ type: "trouble", trouble: { ...words, of: "photo" } });
      }
    },
    [begin, upload, dispatch],
  );

  const file = useCallback((picked: File) => void choose(async () => picked, null), [choose]);
  const example = useCallback(
    (picked: Example) => {
      // the small one is here already: on a slow network the editor opens with it
      const small = { name: picked.name, example: picked.name, url: thumbnailOf(picked), image: null };
      const photo = { ...small, width: EXAMPLE_SIDE, height: EXAMPLE_SIDE };
      dispatch({ type: "photo", photo, subject: picked.subject });
      const load = async () => {
        const answer = await fetch(pictureOf(picked));
        if (!answer.ok) throw new TypeError("the example is not there");
        return new File([await answer.blob()], `${picked.name}.png`, { type: "image/png" });
      };
      void choose(load, picked);
    },
    [choose, dispatch],
  );
  const again = useCallback(() => {
    dispatch({ type: "trouble", trouble: null });
    if (chosen.current !== null) void upload(chosen.current, begin());
  }, [upload, begin, dispatch]);
  const close = useCallback(() => {
    begin();
    dispatch({ type: "close" });
  }, [begin, dispatch]);
  return { file, example, again, close };
}
