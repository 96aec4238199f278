import { type Dispatch, useCallback, useRef } from "preact/hooks";
import type { PhotoType } from "../../../../shared/image.ts";
import { EXAMPLE_SIDE, type Example, pictureOf, thumbnailOf } from "../model/examples.ts";
import type { Action, Kept } from "../model/state.ts";
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
  /** Shows a photo with its versions as this browser kept them. @param at the version, null: the photo */
  readonly restore: (kept: Kept, at: string | null) => void;
  readonly close: () => void;
}

/** What is shown, and where. */
interface Chosen {
  readonly opened: Pick<OpenedPhoto, "blob" | "type">;
  readonly url: string;
}

const newSession = () =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(36)).join("");

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
    async (file: () => Promise<File>, example: Example | null, session: string) => {
      const signal = begin();
      try {
        const source = await file();
        const opened = await openPhoto(source);
        if (signal.aborted) return;
        if (chosen.current !== null) URL.revokeObjectURL(chosen.current.url);
        const url = URL.createObjectURL(opened.blob);
        chosen.current = { opened, url };
        const { type: _, ...shown } = opened;
        const photo = {
          ...shown,
          session,
          name: source.name,
          example: example?.name ?? null,
          url,
          image: null,
        };
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

  const file = useCallback((picked: File) => void choose(async () => picked, null, newSession()), [choose]);
  const example = useCallback(
    (picked: Example) => {
      // the small one is here already: on a slow network the editor opens with it
      const session = newSession();
      const small = { session, name: picked.name, example: picked.name, url: thumbnailOf(picked) };
      const size = { width: EXAMPLE_SIDE, height: EXAMPLE_SIDE, original: null };
      const photo = { ...small, ...size, kind: "drawing", blob: null, image: null } as const;
      dispatch({ type: "photo", photo, subject: picked.subject });
      const load = async () => {
        const answer = await fetch(pictureOf(picked));
        if (!answer.ok) throw new TypeError("the example is not there");
        return new File([await answer.blob()], `${picked.name}.png`, { type: "image/png" });
      };
      void choose(load, picked, session);
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
  const restore = useCallback(
    (kept: Kept, at: string | null) => {
      begin();
      const { blob, url } = kept.photo;
      if (blob !== null) chosen.current = { opened: { blob, type: blob.type as PhotoType }, url };
      dispatch({ type: "restore", kept, at });
    },
    [begin, dispatch],
  );
  return { file, example, again, restore, close };
}
