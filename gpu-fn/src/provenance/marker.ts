import type { Photo } from "../image/picture.ts";
import { openThread, type Thread } from "../thread/open-thread.ts";
import type { Held, Marked, MarkKey } from "./watermark/mark.ts";

/** What the thread answers: the marked colours, or null if the picture stays as it is. */
export interface MarkOutcome {
  readonly held: Held;
  readonly rgb: Uint8Array | null;
}

type MarkCalls = { readonly mark: (picture: Photo, mask: Uint8Array | null) => Promise<MarkOutcome> };

/** Marks pictures in a thread of its own: nobody waits for it but the caller. */
export interface Marker {
  /** @param mask where it may be marked, of the picture's size; null: everywhere */
  mark(picture: Photo, mask: Uint8Array | null): Promise<Marked>;
  /** Ends the thread once it has answered. */
  close(): Promise<void>;
}

/** The thread starts now, and again after it fell over. It keeps no process alive by itself. */
export function openMarker(key: MarkKey): Marker {
  let thread: Thread<MarkCalls> | null = null;
  const start = (): Thread<MarkCalls> => {
    const started = openThread<MarkCalls>(new URL("./marker-thread.ts", import.meta.url), {
      name: "the marking thread",
      data: key,
      idle: true,
    });
    void started.ended.then(() => {
      if (thread === started) thread = null;
    });
    return started;
  };
  thread = start();
  return {
    async mark(picture, mask) {
      thread ??= start();
      // alpha plays no part: it is not sent
      const { held, rgb } = await thread.call("mark", [{ ...picture, alpha: null }, mask]);
      return { held, picture: rgb === null ? picture : { ...picture, rgb } };
    },
    async close() {
      await thread?.close();
    },
  };
}
