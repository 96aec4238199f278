/** Messages between a thread and its opener, sent by structured cloning. */
import { CanceledError, type InputCode, InputError, WeightsError } from "../errors.ts";

/** To the thread. */
export type ToThread =
  | { readonly call: string; readonly id: number; readonly inputs: readonly unknown[] }
  | { readonly cancel: number }
  | { readonly notify: unknown }
  | { readonly close: true };

/** From the thread. The first message is `ready`, or `unable`. */
export type FromThread =
  | { readonly ready: true }
  | { readonly unable: PlainError }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError }
  | { readonly id: number; readonly event: unknown }
  | { readonly report: unknown };

/** An error without its class: structured cloning does not keep it. */
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
