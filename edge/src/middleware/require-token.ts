import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { openBearer } from "../tokens/bearer.ts";
import { useOf } from "../tokens/uses.ts";
import { type Demands, requireKey, unauthorized, withinLimits } from "./require-key.ts";

/**
 * As `requireKey`, or with a token of this action as `?token=…` in place of the key; the caller then has a `permit`.
 * Where both come, the key counts. A token is what browsers may hold; it counts by itself, under the limits of the
 * key that signed it.
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
    await withinLimits(c, caller, quotas, next);
  };
};
