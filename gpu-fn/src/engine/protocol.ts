import type { Progress } from "../../../shared/progress.ts";
import type { InversionMetrics } from "../edit/inversion-cache.ts";
import type { Preview } from "../edit/preview.ts";
import type { EditRequest, EditResult, FoundRegion, LocateRequest } from "../edit/request.ts";
import { CanceledError, type InputCode, InputError, WeightsError } from "../errors.ts";

/** What the engine's thread can do, and what comes of it. */
export interface Jobs {
  readonly edit: { readonly request: EditRequest; readonly result: EditResult };
  readonly locate: { readonly request: LocateRequest; readonly result: FoundRegion };
}

/** Messages to the engine's thread. */
export type ToWorker =
  | { readonly type: "edit"; readonly id: number; readonly request: EditRequest }
  | { readonly type: "locate"; readonly id: number; readonly request: LocateRequest }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "forget"; readonly scope: string }
  | { readonly type: "close" };

/** Messages from the engine's thread. The first is `ready`, or `failed` with id −1. */
export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "inversions"; readonly metrics: InversionMetrics }
  | { readonly type: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly type: "preview"; readonly id: number; readonly preview: Preview }
  | { readonly type: "region"; readonly id: number; readonly found: FoundRegion }
  | { readonly type: "done"; readonly id: number; readonly result: Jobs[keyof Jobs]["result"] }
  | { readonly type: "failed"; readonly id: number; readonly error: PlainError };

/** An error without its class: structured cloning keeps neither. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
}

export function flatten(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  return {
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(error instanceof InputError ? { code: error.code } : {}),
  };
}

export function revive(plain: PlainError): Error {
  if (plain.name === "InputError") return new InputError(plain.code as InputCode, plain.message);
  if (plain.name === "WeightsError") return new WeightsError(plain.message);
  if (plain.name === "CanceledError") return new CanceledError();
  const error = new Error(plain.message);
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}
