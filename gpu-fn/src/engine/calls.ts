import type { Progress } from "../../../shared/progress.ts";
import type { InversionMetrics } from "../edit/inversion-cache.ts";
import type { Preview } from "../edit/preview.ts";
import type { EditRequest, EditResult } from "../edit/request.ts";
import type { FoundRegion, LocateRequest } from "../region/request.ts";
import type { Reading } from "../words/reader.ts";
import type { EngineOptions } from "./options.ts";

/** Initial data of the engine's thread. */
export interface Opening {
  readonly manifest: string;
  readonly options: EngineOptions;
}

/** Calls of the engine's thread. It also receives messages with scopes whose inversions must be erased. */
export type EngineCalls = {
  readonly edit: (request: EditRequest) => Promise<ReadEdit>;
  readonly locate: (request: LocateRequest) => Promise<FoundRegion>;
};

/** An edit, with how its words were read, and a wording to try instead if unfamiliar ones did nothing. */
export type ReadEdit = EditResult &
  Pick<Reading, "readAs" | "warnings" | "familiar"> & { readonly nearest: string | null };

/** What an edit reports while it runs. */
export type EditEvent =
  | { readonly progress: Progress }
  | { readonly region: FoundRegion }
  | { readonly preview: Preview };

/** What the thread reports outside edits: metrics of the kept inversions. */
export type EngineReport = InversionMetrics;
