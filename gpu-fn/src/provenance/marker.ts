import type { Photo } from "../image/picture.ts";
import { openThread, type Thread } from "../thread/open-thread.ts";
import type { Held, Marked, MarkKey } from "./watermark/mark.ts";

/** The thread's answer: the marked colours, or null if the picture stays unchanged. */
export interface MarkOutcome {
  readonly held: Held;
  readonly rgb: Uint8Array | null;
}

type MarkCalls = { readonly mark: (picture: Photo, mask: Uint8Array | null) => Promise<MarkOutcome> };

/** Marks pictures in a thread of its own, so that only the caller waits. */
export interface Marker {
  /** @param mask where the picture may be marked, of its size; null means everywhere */
  mark(picture: Photo, mask: Uint8Array | null): Promise<Marked>;
  /** Ends the thread once its pending calls are answered. */
  close(): Promise<void>;
}

/** Starts the thread now, and again after a crash. It does not keep the process alive by itself. */
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
      // alpha plays no part, so it is not sent
      const { held, rgb } = await thread.call("mark", [{ ...picture, alpha: null }, mask]);
      return { held, picture: rgb === null ? picture : { ...picture, rgb } };
    },
    async close() {
      await thread?.close();
    },
  };
}
