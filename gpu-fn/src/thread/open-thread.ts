import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { CanceledError } from "../errors.ts";
import { type FromThread, revive, type ToThread } from "./messages.ts";

/** The calls a thread answers: functions of cloneable inputs. */
// biome-ignore lint/suspicious/noExplicitAny: any function of any inputs, which `never` and `unknown` cannot say
export type Calls = Readonly<Record<string, (...inputs: any[]) => Promise<unknown>>>;

export interface ThreadOptions {
  /** Names the thread in errors: "the engine's thread". */
  readonly name: string;
  /** The thread's initial data. */
  readonly data: unknown;
  /** Receives what the thread reports outside any call. */
  readonly onReport?: (report: unknown) => void;
  /** The error that pending calls reject with when the thread ends. Default: one that says that it has ended. */
  readonly endedBy?: () => Error;
  /** Keeps the process alive only while a call is pending. Default false. */
  readonly idle?: boolean;
}

export interface CallHooks {
  /** Aborting it notifies the thread, which decides how to end the call. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: unknown) => void;
}

/** A thread that answers calls one after another. Errors keep their class and code on the way out. */
export interface Thread<C extends Calls> {
  /** Settles once the thread can answer; rejects with what opening it threw. */
  readonly ready: Promise<void>;
  /** Settles when the thread has ended, whether it was closed or crashed. */
  readonly ended: Promise<void>;
  call<Name extends keyof C & string>(
    name: Name,
    inputs: Parameters<C[Name]>,
    hooks?: CallHooks,
  ): Promise<Awaited<ReturnType<C[Name]>>>;
  /** A message that nobody waits for. */
  notify(message: unknown): void;
  /** Aborts the pending calls and ends the thread once they have settled. */
  close(): Promise<void>;
}

interface Pending {
  readonly onEvent: ((event: unknown) => void) | undefined;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Starts a module that calls `serveThread`. Calls made before it is ready wait for it. */
export function openThread<C extends Calls>(module: URL, options: ThreadOptions): Thread<C> {
  const { name, data, onReport, idle = false } = options;
  const endedBy = options.endedBy ?? (() => new Error(`${name} has ended`));
  const worker = new Worker(module, { workerData: data });
  const pending = new Map<number, Pending>();
  const { promise: ready, resolve: open, reject: unable } = Promise.withResolvers<void>();
  ready.catch(() => {}); // each caller that waits for it gets the error
  let next = 0;
  let alive = true;
  const send = (message: ToThread) => worker.postMessage(message);
  const rest = () => {
    if (idle && pending.size === 0) worker.unref();
  };
  const settle = (id: number) => {
    const call = pending.get(id);
    pending.delete(id);
    rest();
    return call;
  };
  const rejectAll = (error: Error) => {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
    rest();
  };
  worker.on("message", (message: FromThread) => {
    if ("ready" in message) open();
    else if ("unable" in message) unable(revive(message.unable));
    else if ("report" in message) onReport?.(message.report);
    else if ("event" in message) pending.get(message.id)?.onEvent?.(message.event);
    else if ("error" in message) settle(message.id)?.reject(revive(message.error));
    else settle(message.id)?.resolve(message.value);
  });
  worker.on("error", (error: Error) => {
    unable(error);
    rejectAll(error);
  });
  const ended = new Promise<void>((resolve) => {
    worker.on("exit", () => {
      alive = false;
      unable(new Error(`${name} ended while it opened`));
      rejectAll(endedBy());
      resolve();
    });
  });
  rest();
  return {
    ready,
    ended,
    async call(call, inputs, { signal, onEvent } = {}) {
      if (signal?.aborted) throw new CanceledError();
      if (!alive) throw new Error(`${name} has ended`);
      const id = next++;
      const cancel = () => send({ cancel: id });
      signal?.addEventListener("abort", cancel, { once: true });
      worker.ref();
      try {
        return await new Promise<never>((resolve, reject) => {
          pending.set(id, { onEvent, resolve: resolve as (value: unknown) => void, reject });
          send({ call, id, inputs });
        });
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
    notify: (message) => send({ notify: message }),
    async close() {
      // not terminate(): the runtime aborts the process when its thread ends inside an evaluation
      send({ close: true });
      if (worker.threadId !== -1) await once(worker, "exit");
    },
  };
}
