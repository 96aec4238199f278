import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type FromThread, flatten, type ToThread } from "./messages.ts";

/** What a call receives in addition to its inputs. */
export interface Served {
  /** Aborted when the caller cancels, or when the thread is being closed. */
  readonly signal: AbortSignal;
  /** Reports to the caller while the call runs. */
  event(event: unknown): void;
}

export interface Service {
  /** @throws what the caller gets, its class and code kept */
  perform(call: string, inputs: readonly unknown[], served: Served): Promise<unknown>;
  /** Receives messages that nobody waits for, between and during calls. */
  hear?(message: unknown): void;
  /** After the last call. */
  close?(): Promise<void>;
}

/** Buffers that are transferred with a result instead of being copied. */
const moved = new WeakMap<object, ArrayBuffer[]>();

/** Marks a result's buffers for transfer: they are sent without a copy and are empty here afterwards. */
export function givingAway<T extends object>(result: T, ...buffers: ArrayBuffer[]): T {
  moved.set(result, buffers);
  return result;
}

/**
 * Answers the calls of `openThread`, one after another in the order they come. For the entry module of a thread.
 * @param open receives the thread's initial data, and a function to report outside any call
 */
export async function serveThread(
  open: (data: unknown, report: (news: unknown) => void) => Promise<Service>,
): Promise<void> {
  const port = parentPort as MessagePort;
  const running = new Map<number, AbortController>();
  const answer = (message: FromThread, buffers: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, buffers);
  let service: Service;
  try {
    service = await open(workerData, (report) => answer({ report }));
  } catch (error) {
    answer({ unable: flatten(error) });
    return;
  }
  let last: Promise<void> = Promise.resolve();
  port.on("message", (message: ToThread) => {
    if ("cancel" in message) return running.get(message.cancel)?.abort();
    if ("notify" in message) return service.hear?.(message.notify);
    if ("close" in message) {
      for (const abort of running.values()) abort.abort();
      return last.then(() => service.close?.()).finally(() => port.close());
    }
    const { call, id, inputs } = message;
    const abort = new AbortController();
    running.set(id, abort);
    const served: Served = { signal: abort.signal, event: (event) => answer({ id, event }) };
    last = last.then(async () => {
      try {
        const value = await service.perform(call, inputs, served);
        answer({ id, value }, typeof value === "object" && value !== null ? moved.get(value) : []);
      } catch (error) {
        answer({ id, error: flatten(error) });
      } finally {
        running.delete(id);
      }
    });
  });
  answer({ ready: true });
}
