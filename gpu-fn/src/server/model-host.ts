import type { GpuHealth } from "../../../shared/gpu.ts";
import { MODELS } from "../../../shared/models.ts";
import { type Engine, openEngine } from "../engine/engine.ts";
import { weightFiles } from "../manifest/files.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { readAhead } from "../weights/read-ahead.ts";
import { ColdStart } from "./cold-start.ts";
import { faultOf, type Log, reasonOf } from "./log.ts";
import { warmUp, warmUpSide } from "./warm-up.ts";

export interface LoadedModel {
  readonly engine: Engine;
  readonly model: NonNullable<GpuHealth["model"]>;
}

/** The server's engine: loading at first, and reopened if its thread crashes. */
export interface ModelHost extends Pick<GpuHealth, "status" | "model" | "phases" | "inversions"> {
  /** Settles once the model is loaded and warm. @throws WeightsError if that fails */
  ready(): Promise<LoadedModel>;
  /** Erases a scope's inversions; if no model is loaded, there are none. */
  forget(scope: string): void;
  /** Ends the engine's thread, once it has loaded. */
  close(): Promise<void>;
}

export type OpenEngine = (manifest: string) => Promise<Engine>;

/** How a model is loaded. */
export interface Opening {
  readonly open?: OpenEngine;
  readonly warm?: (engine: Engine, signal: AbortSignal, side: number) => Promise<void>;
  /** Delay before a failed load is retried, in milliseconds: a volume may have been away. It doubles each time. */
  readonly againMs?: number;
}

const AGAIN_MS = 30_000;
const AGAIN_MS_MAX = 600_000;

/** Starts loading a model, and retries after a delay if that fails. Failures are logged and shown in `status`. */
export function hostModel(manifest: string, log: Log, opening: Opening = {}): ModelHost {
  const { open = openEngine, warm = warmUp, againMs = AGAIN_MS } = opening;
  // the first start began with the process
  let start = new ColdStart(0);
  let model: GpuHealth["model"] = null;
  let engine: Engine | null = null;
  let wait = againMs;
  const closing = new AbortController();
  let loaded = load();

  function load(): Promise<LoadedModel> {
    const opened = openModel();
    opened.then(
      ({ engine: running }) => {
        engine = running;
        wait = againMs;
        start.enter("ready");
        log("ready", { ...model, ...durations(start) });
        running.ended.then(() => {
          engine = null;
          if (closing.signal.aborted) return;
          log("engine_ended");
          reload();
        });
      },
      (error: unknown) => {
        start.enter("failed");
        if (closing.signal.aborted) return;
        log("load_failed", {
          ...faultOf(error),
          reason: reasonOf(error),
          again_ms: wait,
          ...durations(start),
        });
        const again = setTimeout(reload, wait);
        wait = Math.min(2 * wait, AGAIN_MS_MAX);
        closing.signal.addEventListener("abort", () => clearTimeout(again), { once: true });
      },
    );
    return opened;
  }

  function reload(): void {
    start = new ColdStart();
    loaded = load();
  }

  async function openModel(): Promise<LoadedModel> {
    const read = await readManifest(manifest);
    const { id, version, pasl } = read;
    model = { id, version, pasl: pasl && "shipped" in pasl ? MODELS.mini.pasl : `${id}-${version}` };
    start.enter("loading");
    // sessions keep opening until the model is warm, so files are read ahead until then
    const warmed = new AbortController();
    const ahead = readAllAhead(read, AbortSignal.any([warmed.signal, closing.signal]));
    try {
      return { engine: await openWarm(read), model };
    } finally {
      warmed.abort();
      await ahead;
    }
  }

  async function openWarm(read: Manifest): Promise<Engine> {
    const engine = await open(manifest);
    start.enter("warming");
    try {
      await warm(engine, closing.signal, warmUpSide(read));
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** Speeds up loading and never fails it: if a file cannot be read, the engine reports which. */
  async function readAllAhead(read: Manifest, signal: AbortSignal): Promise<void> {
    const since = performance.now();
    try {
      const bytes = await readAhead(weightFiles(read), signal);
      log("read_ahead", { bytes, ms: Math.round(performance.now() - since) });
    } catch (error) {
      log("read_ahead_failed", { ...faultOf(error), reason: reasonOf(error) });
    }
  }

  return {
    get status() {
      return start.status;
    },
    get model() {
      return model;
    },
    get phases() {
      return start.phases();
    },
    get inversions() {
      return engine?.inversions ?? null;
    },
    ready: () => loaded,
    forget: (scope) => engine?.forget(scope),
    async close() {
      closing.abort();
      const last = await loaded.catch(() => null);
      await last?.engine.close();
    },
  };
}

/** Milliseconds of each phase, for the log. */
const durations = (start: ColdStart) =>
  Object.fromEntries(start.phases().map(({ phase, ms }) => [`${phase}_ms`, ms]));
