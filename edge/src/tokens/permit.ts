import type { TokenUse } from "../account/contract/tokens.ts";
import { Refusal } from "../problem.ts";
import type { Claims, ClaimsOf } from "./claims.ts";

/** The permission under which a caller without a key acts. */
export interface Permit {
  readonly claims: ClaimsOf<"edit" | "upload" | "render">;
  /** As the request brought it: the caller's own URLs carry it on. */
  readonly token: string;
  readonly use: TokenUse;
  /** How often it was used before this request. */
  readonly uses: number;
}

/** A use of a token, as its account counts it. */
export function useOf({ jti, exp }: Claims, max: number | null): TokenUse {
  return { id: jti, max, expiresAt: exp * 1000 };
}

/** Spares the work of what will be refused; the account decides. @throws Refusal `forbidden` */
export function refuseUsedUp({ use, uses }: Permit): void {
  if (use.max !== null && uses >= use.max) throw usedUp();
}

export const usedUp = () => new Refusal("forbidden", "the token is used up");
