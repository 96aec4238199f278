import type { Context, MiddlewareHandler } from "hono";
import { readApiKey, sameText } from "../../../shared/api-key.ts";
import type { Id } from "../../../shared/ids.ts";
import type { Scope } from "../../../shared/scopes.ts";
import { sha256 } from "../../../shared/signing.ts";
import type { KeyLimit, Quota } from "../account/contract/limits.ts";
import { type AppEnv, accountOf, type Caller } from "../context.ts";
import { settingsOf } from "../env.ts";
import { DeadKeys } from "../keys/dead-keys.ts";
import { notFound, Refusal } from "../problem.ts";
import { quotaHeaders, refuseExceeded } from "./quota.ts";

export interface Demands {
  /** The scope a key needs; null if any key will do. */
  readonly scope: Scope | null;
  /** The limits that a request counts against: the key's, and the account's of the same names. */
  readonly limits?: readonly KeyLimit[];
}

/**
 * Requires a valid secret key with the right scope and within its limits, and sets `caller`. One call to its account
 * answers all of it.
 */
export const requireKey = ({ scope, limits = ["requests"] }: Demands): MiddlewareHandler<AppEnv> =>
  async function requireKey(c, next) {
    const { caller, quotas } = await identify(c, bearerOf(c), { scope, limits });
    c.set("caller", caller);
    if (scope !== null && !caller.key.scopes.includes(scope))
      throw new Refusal("forbidden", `this key lacks the scope "${scope}"`);
    await withinLimits(c, caller, quotas, next);
  };

/** Requires the operator of the deployment: the holder of `ADMIN_KEY`. No account's key reaches beyond its account. */
export const requireOperator = (): MiddlewareHandler<AppEnv> =>
  async function requireOperator(c, next) {
    const token = bearerOf(c);
    if (await isOperator(c, token)) return next();
    const { caller, quotas } = await identify(c, token, { scope: null, limits: ["requests"] });
    c.set("caller", caller);
    await withinLimits(c, caller, quotas, async () => {
      throw new Refusal("forbidden", "only the operator of this deployment may do this");
    });
  };

/** Admits the operator, and keys with scope `admin` for their own account only, see `refuseForeign`. */
export const requireAdmin = (): MiddlewareHandler<AppEnv> => {
  const withKey = requireKey({ scope: "admin" });
  return async function requireAdmin(c, next) {
    return (await isOperator(c, bearerOf(c))) ? next() : withKey(c, next);
  };
};

/** Behind `requireAdmin`: an account's administrator cannot see other accounts. @throws Refusal `not_found` */
export function refuseForeign(c: Context<AppEnv>, account: Id<"acct">, what: string): void {
  const caller: Caller | undefined = c.get("caller");
  if (caller !== undefined && caller.id !== account) throw notFound(what);
}

async function isOperator(c: Context<AppEnv>, token: string): Promise<boolean> {
  const { ADMIN_KEY } = settingsOf(c.env);
  if (ADMIN_KEY === undefined) return false;
  const [given, expected] = await Promise.all([sha256(token), sha256(ADMIN_KEY)]);
  return sameText(given, expected);
}

export const unauthorized = (detail: string) =>
  new Refusal("unauthorized", detail, { headers: { "WWW-Authenticate": 'Bearer realm="flux-sculptor"' } });

/** The bearer token. @throws Refusal `unauthorized`; `forbidden` if a browser sends a secret */
function bearerOf(c: Context<AppEnv>): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "") ?? [];
  if (token === undefined) throw unauthorized("send your key as Authorization: Bearer sk_…");
  const origin = c.req.header("Origin");
  // a page of this service, such as /docs, sends the key that its reader entered, and only to this service
  if (origin !== undefined && origin !== new URL(c.req.url).origin)
    throw new Refusal("forbidden", "secret keys must not be used in a browser; use signed URLs there");
  return token;
}

/** By id and hash. */
const dead = new DeadKeys();

async function identify(
  c: Context<AppEnv>,
  token: string,
  { scope, limits }: Required<Demands>,
): Promise<{ caller: Caller; quotas: readonly Quota[] }> {
  const named = await readApiKey(settingsOf(c.env).signingSecrets, token);
  if (named === null) throw unauthorized("the key is not valid");
  const { account: id, id: keyId, secretSha256 } = named;
  const name = `${keyId} ${secretSha256}`;
  if (dead.has(name)) throw unauthorized("the key is not valid");
  const account = accountOf(c.env, id);
  const known = await account.authenticate({ id: keyId, secretSha256, scope, limits });
  if (known === null) {
    dead.add(name);
    throw unauthorized("the key is not valid");
  }
  return { caller: { id, key: known.key, account }, quotas: known.quotas };
}

/**
 * Runs the rest of the request behind the limits, and reports what is left of them. A request that ends in a refusal
 * does not count for the account: one credential's failures must not use up what the others need.
 */
export async function withinLimits(
  c: Context<AppEnv>,
  { account }: Caller,
  quotas: readonly Quota[],
  next: () => Promise<void>,
): Promise<void> {
  const counted = quotas.every(({ name, allowed }) => allowed || name.startsWith("account-"));
  const began = Date.now();
  let answered = false;
  for (const [name, value] of quotaHeaders(quotas)) c.header(name, value);
  try {
    refuseExceeded(quotas);
    await next();
    answered = c.error === undefined && c.res.status < 400;
  } finally {
    if (counted && !answered && quotas.length > 0) await account.giveBackRequest(Date.now() - began);
  }
}
