import { openThread } from "../thread/open-thread.ts";
import type { Look, LookRequest } from "./look.ts";

/** The thread's initial data. */
export interface LookOpening {
  readonly manifest: string;
  /** Folder of the sentence encoder's weights. */
  readonly encoder: string;
  /** Opens at once what the first look would wait for: a decoder, and the sentence encoder (230 MB). */
  readonly warm: boolean;
}

/** `openLook` in a thread of its own, one request after another. */
export interface Looker {
  /** A request that is aborted before its turn is skipped. @throws as `Look`; WeightsError, CanceledError */
  look(request: LookRequest, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Starts the thread, and restarts it with the next request if it has ended or could not be opened. */
export function openLooker(opening: LookOpening): Looker {
  const start = () => {
    const started = openThread<{ look: Look }>(new URL("./thread.ts", import.meta.url), {
      name: "the thread that looks at photos",
      data: opening,
    });
    void started.ended.then(() => {
      if (thread === started) thread = null;
    });
    return started;
  };
  let thread: ReturnType<typeof start> | null = null;
  thread = start();
  return {
    async look(request, signal) {
      thread ??= start();
      const asked = thread;
      await asked.ready;
      await asked.call("look", [request], { signal });
    },
    close: async () => thread?.close(),
  };
}
