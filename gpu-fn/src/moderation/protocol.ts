import type { Verdict } from "../../../shared/moderation/policies.ts";
import type { Moderation } from "../../../shared/moderation/settings.ts";
import type { PlainError } from "../engine/protocol.ts";
import type { JudgedPicture } from "./judge.ts";

/** What the thread of the policies is started with. */
export interface Opening {
  readonly moderation: Moderation;
  readonly folder: string;
}

/** `close` ends the thread once everything asked before is answered. */
export type Question =
  | { readonly id: number; readonly ask: "close" }
  | { readonly id: number; readonly ask: "prompts"; readonly prompts: readonly string[] }
  | { readonly id: number; readonly ask: "photo" | "result"; readonly picture: JudgedPicture };

export type Answer =
  | { readonly type: "ready" }
  | { readonly type: "unable"; readonly message: string }
  | { readonly type: "verdict"; readonly id: number; readonly verdict: Verdict | null }
  | { readonly type: "failed"; readonly id: number; readonly error: PlainError };
