import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { AppEnv, Caller } from "../context.ts";
import { settingsOf } from "../env.ts";
import { requestPoint } from "../metrics/points.ts";
import { writePoint } from "../metrics/write.ts";
import { moderationIn } from "../moderation/deployment.ts";

/**
 * Writes one structured line and one data point per request. They carry the route's pattern, never its address:
 * addresses hold signatures, queries hold tokens. They never hold a prompt, picture or key.
 */
export const requestLog = (): MiddlewareHandler<AppEnv> =>
  async function requestLog(c, next) {
    const start = Date.now();
    await next();
    const route = matchedRoutes(c).findLast(({ method }) => method !== "ALL");
    const caller: Caller | undefined = c.get("caller");
    const answered = {
      method: c.req.method,
      route: route?.path ?? null,
      status: c.res.status,
      ms: Date.now() - start,
      account: caller?.id ?? c.get("accountId"),
    };
    const [request_id, edit] = [c.get("requestId"), c.get("editId")];
    console.log(JSON.stringify({ event: "request", request_id, ...answered, edit }));
    writePoint(c.env, requestPoint({ ...answered, off: [...moderationIn(settingsOf(c.env)).off] }));
  };
