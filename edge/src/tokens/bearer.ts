import type { Context } from "hono";
import type { KeyRow } from "../account/contract/keys.ts";
import type { KeyLimit } from "../account/contract/limits.ts";
import type { TokenState } from "../account/contract/tokens.ts";
import { type AppEnv, accountOf } from "../context.ts";
import { settingsOf } from "../env.ts";
import { DeadKeys } from "../keys/dead-keys.ts";
import { Refusal } from "../problem.ts";
import type { Claims, ClaimsOf } from "./claims.ts";
import { openToken } from "./token.ts";

/** The holder of an opened token: what it allows, and what its account knows about it. */
export interface Bearer<Action extends Claims["act"]> extends TokenState {
  readonly claims: ClaimsOf<Action>;
  readonly account: ReturnType<typeof accountOf>;
  readonly key: KeyRow;
}

interface BearerOptions {
  /** Makes the refusal of a token that is invalid, has expired, or whose key is revoked. */
  readonly refuse?: (detail: string) => Refusal;
  /** The limits that the request counts against, below those of the key that signed. */
  readonly limits?: readonly KeyLimit[];
}

const REVOKED = "the key that signed this token is revoked";

/** Keys whose tokens came after they were revoked, by id. */
const revoked = new DeadKeys();

const forbidden = (detail: string) => new Refusal("forbidden", detail);

/**
 * Opens a token for one action.
 * @throws Refusal that, or `forbidden` for a token of another action
 */
export async function openBearer<Action extends Claims["act"]>(
  c: Context<AppEnv>,
  token: string,
  action: Action,
  { refuse = forbidden, limits = [] }: BearerOptions = {},
): Promise<Bearer<Action>> {
  const opened = await openToken(settingsOf(c.env).signingSecrets, token, Date.now());
  if (opened.state === "expired") throw refuse("the token's time is over");
  if (opened.state === "invalid") throw refuse("the token is not valid");
  const { claims } = opened;
  if (!isOf(claims, action))
    throw new Refusal("forbidden", `this token is for another action: ${claims.act}`);
  if (revoked.has(claims.key)) throw refuse(REVOKED);
  c.set("accountId", claims.sub);
  const account = accountOf(c.env, claims.sub);
  const { key, ...state } = await account.tokenState({ id: claims.jti, key: claims.key, limits });
  if (key === null) {
    revoked.add(claims.key);
    throw refuse(REVOKED);
  }
  return { claims, account, key, ...state };
}

function isOf<Action extends Claims["act"]>(claims: Claims, action: Action): claims is ClaimsOf<Action> {
  return claims.act === action;
}
