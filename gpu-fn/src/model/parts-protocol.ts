import type { Way } from "../device/device-plan.ts";
import type { PlainError } from "../engine/protocol.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Parts, Tuning } from "./parts.ts";

/** What is asked of the parts' thread by name. */
export type PartCall = Exclude<keyof Parts, "release">;

/** What the thread begins with. */
export interface PartsData {
  readonly manifest: Manifest;
  readonly way: Way;
  readonly tuning: Tuning;
}

/** A call of the parts, or the wish that the thread end. */
export type ToParts =
  | { readonly id: number; readonly call: PartCall; readonly inputs: readonly unknown[] }
  | { readonly call: "release" };

/** Its answer. The first message has id −1 and tells that all parts are open, or why not. */
export type FromParts =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError };
