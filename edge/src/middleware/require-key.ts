import type { Context, MiddlewareHandler } from "hono";
import { readApiKey, sameText } from "../../../shared/api-key.ts";
import type { Id } from "../../../shared/ids.ts";
import type { Scope } from "../../../shared/scopes.ts";
import { sha256 } from "../../../shared/signing.ts";
import type { KeyRow } from "../account/contract/keys.ts";
import { type AppEnv, accountOf, type Caller } from "../context.ts";
import { settingsOf } from "../env.ts";
import { countAccount } from "../limits/account-limit.ts";
import { type KeyLimit, type Quota, rateLimitOf, underLimit } from "../limits/rate-limit.ts";
import { Refusal } from "../problem.ts";
import { quotaHeaders, refuseExceeded } from "./quota.ts";

export interface Demands {
  /** The scope a key needs; null where any key will do. */
  readonly scope: Scope | null;
  /** The limits that a request counts against: the key's, and the account's of the same names. */
  readonly limits?: readonly KeyLimit[];
}

/** Limits of a key nobody has seen yet in this isolate; the account's object corrects them. */
const ASSUMED: KeyRow["limits"] = { requests: 1200, edits: 60 };
const SEEN_MAX = 10_000;
const seen = new Map<Id<"key">, KeyRow["limits"]>();

/**
 * Lets a request pass that carries a valid secret key with the right scope and within its limits, and sets `caller`.
 * Counting needs the key's limits, which only its account knows: it starts at once with those seen last, so that the
 * two round trips overlap; a count taken under other limits is read anew under the right ones.
 */
export const requireKey = ({ scope, limits = ["requests"] }: Demands): MiddlewareHandler<AppEnv> =>
  async function requireKey(c, next) {
    const { caller, quotas } = await identify(c, bearerOf(c), limits);
    c.set("caller", caller);
    try {
      refuseExceeded(quotas);
      if (scope !== null && !caller.key.scopes.includes(scope))
        throw new Refusal("forbidden", `this key lacks the scope "${scope}"`);
      await next();
    } finally {
      for (const [name, value] of quotaHeaders(quotas)) c.header(name, value);
    }
  };

/**
 * Lets an administrator pass: the bootstrap key of the environment, or a secret key with scope `admin`.
 */
export const requireAdmin = (): MiddlewareHandler<AppEnv> => {
  const withKey = requireKey({ scope: "admin" });
  return async function requireAdmin(c, next) {
    const { ADMIN_KEY } = settingsOf(c.env);
    const token = bearerOf(c);
    if (ADMIN_KEY === undefined) return withKey(c, next);
    const [given, expected] = await Promise.all([sha256(token), sha256(ADMIN_KEY)]);
    if (!sameText(given, expected)) return withKey(c, next);
    await next();
  };
};

export const unauthorized = (detail: string) =>
  new Refusal("unauthorized", detail, { headers: { "WWW-Authenticate": 'Bearer realm="flux-sculptor"' } });

/** The bearer token. @throws Refusal `unauthorized`; `forbidden` where a browser sends a secret */
function bearerOf(c: Context<AppEnv>): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "") ?? [];
  if (token === undefined) throw unauthorized("send your key as Authorization: Bearer sk_…");
  if (c.req.header("Origin") !== undefined)
    throw new Refusal("forbidden", "secret keys must not be used in a browser; use signed URLs there");
  return token;
}

async function identify(
  c: Context<AppEnv>,
  token: string,
  limits: readonly KeyLimit[],
): Promise<{ caller: Caller; quotas: Quota[] }> {
  const settings = settingsOf(c.env);
  const named = await readApiKey(settings.signingSecrets, token);
  if (named === null) throw unauthorized("the key is not valid");
  const { account: id, id: keyId, secretSha256 } = named;
  const account = accountOf(c.env, id);
  const rates = rateLimitOf(settings);
  const count = async (name: KeyLimit, limit: number) => (await rates?.count(name, keyId, limit)) ?? null;

  const assumed = seen.get(keyId) ?? ASSUMED;
  const [key, counted, together] = await Promise.all([
    account.authenticate({ id: keyId, secretSha256 }),
    Promise.all(limits.map(async (name) => ({ name, quota: await count(name, assumed[name]) }))),
    countAccount(c.env, id, limits),
  ]);
  if (key === null) throw unauthorized("the key is not valid");
  if (seen.size >= SEEN_MAX) seen.clear();
  seen.set(keyId, key.limits);
  const quotas = await Promise.all(
    counted.map(async ({ name, quota }) => {
      if (quota === null) return null;
      const limit = key.limits[name];
      return underLimit(quota, limit) ?? count(name, limit);
    }),
  );
  return { caller: { id, key, account }, quotas: [...quotas, ...together].filter((quota) => quota !== null) };
}
