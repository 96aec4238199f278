import type { TokenUse } from "../account/contract/keys.ts";
import { Refusal } from "../problem.ts";
import type { Claims } from "./claims.ts";
import type { Permit } from "./permit.ts";

/** A use of a token, as counted by its account. */
export function useOf({ jti, exp }: Claims, max: number | null): TokenUse {
  return { id: jti, max, expiresAt: exp * 1000 };
}

/** Whether its uses were taken before this request. */
export const isUsedUp = ({ use, uses }: Permit) => use.max !== null && uses >= use.max;

/** Refuses early what the account would refuse; the account decides. @throws Refusal `forbidden` */
export function refuseUsedUp(permit: Permit): void {
  if (isUsedUp(permit)) throw usedUp();
}

export const usedUp = () => new Refusal("forbidden", "the token is used up");
