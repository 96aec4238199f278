import type { Progress } from "../../../shared/progress.ts";
import { keepFloat32 } from "../device/provider.ts";
import type { InversionMetrics } from "../edit/inversion-cache.ts";
import type { Preview } from "../edit/preview.ts";
import type { EditRequest } from "../edit/request.ts";
import { CanceledError } from "../errors.ts";
import type { FoundRegion, LocateRequest } from "../region/request.ts";
import { openThread } from "../thread/open-thread.ts";
import type { EditEvent, EngineCalls, EngineReport, Opening, ReadEdit } from "./calls.ts";
import type { EngineOptions } from "./options.ts";

export interface LocateHooks {
  /** Aborting ends the run before its next evaluation with CanceledError. */
  readonly signal?: AbortSignal;
}

export interface EditHooks extends LocateHooks {
  /** Called at the start of each phase and after each step. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called once the region is known, before the passes. */
  readonly onRegion?: (found: FoundRegion) => void;
  /** Called at intervals during a long edit pass, with a preview of the result. */
  readonly onPreview?: (preview: Preview) => void;
}

/** A loaded model in a thread of its own; evaluations block only that thread. */
export interface Engine {
  /** Runs one edit; a second one waits for the first. @throws InputError, WeightsError, CanceledError */
  edit(request: EditRequest, hooks?: EditHooks): Promise<ReadEdit>;
  /** Finds the region of prompts and edits nothing. @throws InputError, WeightsError, CanceledError */
  locate(request: LocateRequest, hooks?: LocateHooks): Promise<FoundRegion>;
  /** Erases a scope's inversions, at the latest before the next evaluation, without waiting. */
  forget(scope: string): void;
  /** Metrics of the kept inversions, as last reported by the thread. */
  readonly inversions: InversionMetrics;
  /** Settles when the thread has ended, whether it was closed or crashed. Later runs are refused. */
  readonly ended: Promise<void>;
  /** Ends the thread; active runs end with CanceledError before their next evaluation. */
  close(): Promise<void>;
}

/**
 * Loads the model that a manifest describes.
 * @throws WeightsError if a file is missing, damaged or does not match the manifest, if the device is not available, or
 * if the model does not fit in its memory
 */
export async function openEngine(manifest: string, options: EngineOptions = {}): Promise<Engine> {
  if (options.device === "cuda") keepFloat32();
  let inversions: InversionMetrics = { hits: 0, misses: 0, entries: 0, bytes: 0 };
  const thread = openThread<EngineCalls>(new URL("./worker.ts", import.meta.url), {
    name: "the engine's thread",
    data: { manifest, options } satisfies Opening,
    endedBy: () => new CanceledError(),
    onReport: (report) => {
      inversions = report as EngineReport;
    },
  });
  await thread.ready;
  return {
    edit: (request, { signal, onProgress, onRegion, onPreview } = {}) =>
      thread.call("edit", [request], {
        ...(signal ? { signal } : {}),
        onEvent: (event) => {
          const happened = event as EditEvent;
          if ("progress" in happened) onProgress?.(happened.progress);
          else if ("region" in happened) onRegion?.(happened.region);
          else onPreview?.(happened.preview);
        },
      }),
    locate: (request, hooks = {}) => thread.call("locate", [request], hooks),
    forget: (scope) => thread.notify(scope),
    get inversions() {
      return inversions;
    },
    ended: thread.ended,
    close: () => thread.close(),
  };
}
