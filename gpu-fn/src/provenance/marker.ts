import { Worker } from "node:worker_threads";
import type { Photo } from "../image/decode.ts";
import type { Held, Marked, MarkKey } from "./watermark/mark.ts";

/** A picture to mark, as the thread gets it. */
export interface MarkJob {
  readonly id: number;
  readonly picture: Photo;
  readonly mask: Uint8Array | null;
}

/** What the thread answers: the marked colours, null where the picture stays as it is; or what it threw. */
export type MarkAnswer =
  | { readonly id: number; readonly held: Held; readonly rgb: Uint8Array | null }
  | { readonly id: number; readonly failure: string };

/** Marks pictures in a thread of its own: nobody waits for it but who asked. */
export interface Marker {
  /** @param mask where it may be marked, of the picture's size; null: everywhere */
  mark(picture: Photo, mask: Uint8Array | null): Promise<Marked>;
  /** Ends the thread once it has answered. */
  close(): Promise<void>;
}

interface Pending {
  readonly picture: Photo;
  resolve(marked: Marked): void;
  reject(error: Error): void;
}

/** The thread starts now, and again after it fell over. It keeps no process alive by itself. */
export function openMarker(key: MarkKey): Marker {
  const pending = new Map<number, Pending>();
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let next = 0;

  const failAll = (error: Error) => {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  const start = (): Worker => {
    const started = new Worker(new URL("./marker-thread.ts", import.meta.url), { workerData: key });
    started.on("message", (answer: MarkAnswer) => {
      const job = pending.get(answer.id);
      pending.delete(answer.id);
      if (pending.size === 0) started.unref();
      if ("failure" in answer) job?.reject(new Error(`the mark could not be made: ${answer.failure}`));
      else
        job?.resolve({
          held: answer.held,
          picture: answer.rgb === null ? job.picture : { ...job.picture, rgb: answer.rgb },
        });
    });
    started.on("error", failAll);
    started.on("exit", () => {
      if (thread === started) thread = null;
      failAll(new Error("the marking thread has ended"));
    });
    started.unref();
    return started;
  };

  const mark = (picture: Photo, mask: Uint8Array | null): Promise<Marked> =>
    new Promise((resolve, reject) => {
      thread ??= start();
      const id = next++;
      pending.set(id, { picture, resolve, reject });
      thread.ref();
      // alpha plays no part: it is not sent
      thread.postMessage({ id, picture: { ...picture, alpha: null }, mask } satisfies MarkJob);
    });

  thread = start();
  return {
    mark(picture, mask) {
      const marked = mark(picture, mask);
      last = marked.catch(() => {});
      return marked;
    },
    async close() {
      await last;
      await thread?.terminate();
    },
  };
}
