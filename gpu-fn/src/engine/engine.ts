import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Progress } from "../../../shared/progress.ts";
import type { MemoryLimits } from "../device/memory.ts";
import type { Device } from "../device/provider.ts";
import type { InversionMetrics } from "../edit/inversion-cache.ts";
import type { Preview } from "../edit/preview.ts";
import type { EditRequest, EditResult, FoundRegion, LocateRequest } from "../edit/request.ts";
import { CanceledError } from "../errors.ts";
import type { FromWorker, Jobs, ToWorker } from "./protocol.ts";
import { revive } from "./protocol.ts";

export interface LocateHooks {
  /** Aborting ends the run before its next evaluation with CanceledError. */
  readonly signal?: AbortSignal;
}

export interface EditHooks extends LocateHooks {
  /** Called at the start of each phase and after each step. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called once the region is known, before the passes. */
  readonly onRegion?: (found: FoundRegion) => void;
  /** Called now and then while a long edit pass runs, with what it would come to. */
  readonly onPreview?: (preview: Preview) => void;
}

/** A model in memory, in a thread of its own: evaluations block that thread and no other. */
export interface Engine {
  /** Runs one edit; a second one waits for the first. @throws InputError, WeightsError, CanceledError */
  edit(request: EditRequest, hooks?: EditHooks): Promise<EditResult>;
  /** Finds the region of prompts and edits nothing. @throws InputError, WeightsError, CanceledError */
  locate(request: LocateRequest, hooks?: LocateHooks): Promise<FoundRegion>;
  /** Erases the inversions kept of a scope, at the latest before the next evaluation; nobody waits for it. */
  forget(scope: string): void;
  /** How the kept inversions fare, as the thread last told. */
  readonly inversions: InversionMetrics;
  /** Settles when the thread has ended, whether it was closed or fell over. A run then asked for is refused. */
  readonly ended: Promise<void>;
  /** Ends the thread; runs under way end with CanceledError before their next evaluation. */
  close(): Promise<void>;
}

export interface EngineOptions extends MemoryLimits {
  /** Threads of one evaluation; default: one a core. */
  readonly threads?: number;
  /** On the processor: faster, with eight-bit integers in the transformer's linear layers. Default false. */
  readonly int8Arithmetic?: boolean;
  /** Default: the processor. */
  readonly device?: Device;
}

interface Pending {
  readonly hooks: EditHooks;
  resolve(result: Jobs[keyof Jobs]["result"]): void;
  reject(error: Error): void;
}

/**
 * Loads the model a manifest describes.
 * @throws WeightsError where a file is missing, damaged, or is not what the manifest says, where the device is not
 * there, and where the model does not fit its memory
 */
export async function openEngine(manifest: string, options: EngineOptions = {}): Promise<Engine> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { manifest, options },
  });
  const pending = new Map<number, Pending>();
  let next = 0;
  let alive = true;
  let inversions: InversionMetrics = { hits: 0, misses: 0, entries: 0, bytes: 0 };
  const send = (message: ToWorker) => worker.postMessage(message);

  await new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    // it may end without a word: what it waited for never came
    worker.once("exit", () => reject(new Error("the engine's thread ended while it loaded")));
    worker.once("message", (message: FromWorker) => {
      if (message.type === "ready") resolve();
      else if (message.type === "failed") reject(revive(message.error));
    });
  });

  worker.on("message", (message: FromWorker) => {
    if (message.type === "ready") return;
    if (message.type === "inversions") {
      inversions = message.metrics;
      return;
    }
    const run = pending.get(message.id);
    if (run === undefined) return;
    if (message.type === "progress") return run.hooks.onProgress?.(message.progress);
    if (message.type === "preview") return run.hooks.onPreview?.(message.preview);
    if (message.type === "region") return run.hooks.onRegion?.(message.found);
    pending.delete(message.id);
    if (message.type === "done") run.resolve(message.result);
    else run.reject(revive(message.error));
  });
  const endAll = (error: Error) => {
    for (const run of pending.values()) run.reject(error);
    pending.clear();
  };
  worker.on("error", endAll);
  const ended = new Promise<void>((resolve) => {
    worker.on("exit", () => {
      alive = false;
      endAll(new CanceledError());
      resolve();
    });
  });

  /** The thread answers a job with that job's own result. */
  function run<Type extends keyof Jobs>(
    job: Pick<Extract<ToWorker, { type: Type }>, "type"> & { request: Jobs[Type]["request"] },
    hooks: EditHooks,
  ): Promise<Jobs[Type]["result"]> {
    if (hooks.signal?.aborted) return Promise.reject(new CanceledError());
    if (!alive) return Promise.reject(new Error("the engine's thread has ended"));
    const id = next++;
    const cancel = () => send({ type: "cancel", id });
    hooks.signal?.addEventListener("abort", cancel, { once: true });
    return new Promise<Jobs[Type]["result"]>((resolve, reject) => {
      pending.set(id, { hooks, resolve, reject });
      send({ ...job, id } as ToWorker);
    }).finally(() => hooks.signal?.removeEventListener("abort", cancel));
  }

  return {
    edit: (request, hooks = {}) => run<"edit">({ type: "edit", request }, hooks),
    locate: (request, hooks = {}) => run<"locate">({ type: "locate", request }, hooks),
    forget: (scope) => send({ type: "forget", scope }),
    get inversions() {
      return inversions;
    },
    ended,
    async close() {
      // not terminate(): the runtime aborts the process when its thread ends inside an evaluation
      send({ type: "close" });
      if (worker.threadId !== -1) await once(worker, "exit");
    },
  };
}
