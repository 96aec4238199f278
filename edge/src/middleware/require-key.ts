import type { Context, MiddlewareHandler } from "hono";
import { readApiKey, sameText } from "../../../shared/api-key.ts";
import type { Id } from "../../../shared/ids.ts";
import type { Scope } from "../../../shared/scopes.ts";
import { sha256 } from "../../../shared/signing.ts";
import type { Credential } from "../account/contract/keys.ts";
import type { KeyLimit } from "../account/contract/limits.ts";
import { type AppEnv, accountOf, type Caller } from "../context.ts";
import { settingsOf } from "../env.ts";
import { notFound, Refusal } from "../problem.ts";
import { Admission, unauthorized } from "./admission.ts";

export interface Demands {
  /** The scope a key needs; null if any key will do. */
  readonly scope: Scope | null;
  /** The limits that a request counts against: the key's, and the account's of the same names. */
  readonly limits?: readonly KeyLimit[];
  /** Whether the route itself asks the account, in one call with what the request is for: by default it does not. */
  readonly later?: (c: Context<AppEnv>) => boolean;
}

/**
 * Requires a valid secret key with the right scope and within its limits, and sets `caller`. One call to its account
 * answers all of it.
 */
export const requireKey = ({ scope, limits = ["requests"], later }: Demands): MiddlewareHandler<AppEnv> =>
  async function requireKey(c, next) {
    const admission = await admissionOf(c, bearerOf(c), { scope, limits });
    await counted(c, admission, async () => {
      if (!later?.(c)) await admission.caller();
      await next();
      // a route that refused at once has not asked: what is wrong with the key comes first
      await admission.caller();
    });
  };

/** Requires the operator of the deployment: the holder of `ADMIN_KEY`. No account's key reaches beyond its account. */
export const requireOperator = (): MiddlewareHandler<AppEnv> =>
  async function requireOperator(c, next) {
    const token = bearerOf(c);
    if (await isOperator(c, token)) return next();
    const admission = await admissionOf(c, token, { scope: null, limits: ["requests"] });
    await counted(c, admission, async () => {
      await admission.caller();
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

/** @throws Refusal `unauthorized` for what is no key of ours */
async function admissionOf(
  c: Context<AppEnv>,
  token: string,
  demands: Pick<Credential, "scope" | "limits">,
): Promise<Admission> {
  const named = await readApiKey(settingsOf(c.env).signingSecrets, token);
  if (named === null) throw unauthorized("the key is not valid");
  const { account: id, ...key } = named;
  const asker = { id, account: accountOf(c.env, id) };
  const admission = new Admission(c, asker, { ...key, ...demands });
  c.set("asker", asker);
  c.set("admission", admission);
  return admission;
}

/**
 * Runs a request that its account counts, or will count. One that ends in a refusal does not count for the account: one
 * credential's failures must not use up what the others need.
 */
export async function counted(
  c: Context<AppEnv>,
  request: { readonly counted: boolean },
  run: () => Promise<void>,
): Promise<void> {
  const began = Date.now();
  let answered = false;
  try {
    await run();
    answered = c.error === undefined && c.res.status < 400;
  } finally {
    if (request.counted && !answered) await c.get("asker").account.giveBackRequest(Date.now() - began);
  }
}
