import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { settingsOf } from "../env.ts";
import { countAccount } from "../limits/account-limit.ts";
import { type KeyLimit, rateLimitOf } from "../limits/rate-limit.ts";
import { openBearer } from "../tokens/bearer.ts";
import { useOf } from "../tokens/uses.ts";
import { quotaHeaders, refuseExceeded } from "./quota.ts";
import { type Demands, requireKey, unauthorized } from "./require-key.ts";

/**
 * As `requireKey`, or with a token of this action as `?token=…` in place of the key; the caller then has a `permit`.
 * Where both come, the key counts. A token is what browsers may hold; it counts by itself, under the limits of the
 * key that signed it.
 */
export const requireKeyOrToken = (action: "edit" | "upload", demands: Demands): MiddlewareHandler<AppEnv> => {
  const withKey = requireKey(demands);
  const limits = demands.limits ?? (["requests"] satisfies KeyLimit[]);
  return async function requireKeyOrToken(c, next) {
    const token = c.req.query("token");
    if (token === undefined || c.req.header("Authorization") !== undefined) return withKey(c, next);
    const { claims, account, key, uses } = await openBearer(c, token, action, unauthorized);
    const rates = rateLimitOf(settingsOf(c.env));
    const counted = await Promise.all([
      Promise.all(limits.map((name) => rates?.count(name, `token:${claims.jti}`, key.limits[name]) ?? null)),
      countAccount(c.env, claims.sub, limits),
    ]);
    const quotas = counted.flat().filter((quota) => quota !== null);
    c.set("caller", {
      id: claims.sub,
      key,
      account,
      permit: { claims, token, use: useOf(claims, claims.max ?? null), uses },
    });
    try {
      refuseExceeded(quotas);
      await next();
    } finally {
      for (const [name, value] of quotaHeaders(quotas)) c.header(name, value);
    }
  };
};
