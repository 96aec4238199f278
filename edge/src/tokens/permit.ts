import type { TokenUse } from "../account/contract/keys.ts";
import type { ClaimsOf } from "./claims.ts";

/** The permission under which a caller without a key acts. */
export interface Permit {
  readonly claims: ClaimsOf<"edit" | "upload" | "render">;
  /** As sent with the request: the caller's own URLs carry it. */
  readonly token: string;
  readonly use: TokenUse;
  /** How often it was used before this request. */
  readonly uses: number;
}
