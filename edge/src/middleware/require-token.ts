import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { openBearer } from "../tokens/bearer.ts";
import { useOf } from "../tokens/uses.ts";
import { unauthorized } from "./admission.ts";
import { countsForAccount, quotaHeaders, refuseExceeded } from "./quota.ts";
import { counted, type Demands, requireKey } from "./require-key.ts";

/**
 * Like `requireKey`, or with a token for this action as `?token=…` instead of the key; the caller then has a `permit`.
 * If both are sent, the key counts. Browsers may hold a token; it has its own count, below the limits of the key that
 * signed it.
 */
export const requireKeyOrToken = (action: "edit" | "upload", demands: Demands): MiddlewareHandler<AppEnv> => {
  const withKey = requireKey(demands);
  const { limits = ["requests"] } = demands;
  return async function requireKeyOrToken(c, next) {
    const token = c.req.query("token");
    if (token === undefined || c.req.header("Authorization") !== undefined) return withKey(c, next);
    const { claims, account, key, uses, quotas } = await openBearer(c, token, action, {
      refuse: unauthorized,
      limits,
    });
    const permit = { claims, token, use: useOf(claims, claims.max ?? null), uses };
    const caller = { id: claims.sub, key, account, permit };
    c.set("caller", caller);
    c.set("asker", caller);
    for (const [name, value] of quotaHeaders(quotas)) c.header(name, value);
    await counted(c, { counted: countsForAccount(quotas) }, async () => {
      refuseExceeded(quotas);
      await next();
    });
  };
};
