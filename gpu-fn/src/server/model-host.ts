import type { GpuHealth } from "../../../shared/gpu.ts";
import { type Engine, openEngine } from "../engine.ts";
import { readManifest } from "../manifest.ts";
import { faultOf, type Log } from "./log.ts";

export interface LoadedModel {
  readonly engine: Engine;
  readonly model: NonNullable<GpuHealth["model"]>;
}

/** The engine as the server holds it: loading at first, opened again where its thread falls over. */
export interface ModelHost {
  readonly status: GpuHealth["status"];
  readonly model: GpuHealth["model"];
  /** Once it is loaded. @throws WeightsError where it cannot be */
  ready(): Promise<LoadedModel>;
  /** Ends the engine's thread, after it has loaded. */
  close(): Promise<void>;
}

export type OpenEngine = (manifest: string) => Promise<Engine>;

/** Starts to load a model. Failures are logged and shown by `status`. */
export function hostModel(manifest: string, log: Log, open: OpenEngine = openEngine): ModelHost {
  let status: GpuHealth["status"] = "loading";
  let model: GpuHealth["model"] = null;
  let closing = false;
  let loaded = load();

  function load(): Promise<LoadedModel> {
    status = "loading";
    const opened = openModel();
    opened.then(
      ({ engine }) => {
        status = "ready";
        log("ready", model ?? {});
        engine.ended.then(() => {
          if (closing) return;
          log("engine_ended");
          loaded = load();
        });
      },
      (error: unknown) => {
        status = "failed";
        log("load_failed", faultOf(error));
      },
    );
    return opened;
  }

  async function openModel(): Promise<LoadedModel> {
    const { id, version } = await readManifest(manifest);
    model = { id, version };
    return { engine: await open(manifest), model };
  }

  return {
    get status() {
      return status;
    },
    get model() {
      return model;
    },
    ready: () => loaded,
    async close() {
      closing = true;
      const last = await loaded.catch(() => null);
      await last?.engine.close();
    },
  };
}
