import type { MiddlewareHandler } from "hono";
import { API_VERSIONS } from "../../../shared/versions.ts";
import type { AppEnv } from "../context.ts";
import { Refusal } from "../problem.ts";

/**
 * Reads the version that a client was written for (`Flux-Version`), and reports which one answers. Clients without the
 * header get the oldest supported version, so that nothing breaks by surprise.
 */
export const apiVersion = (): MiddlewareHandler<AppEnv> =>
  async function apiVersion(c, next) {
    const named = c.req.header("Flux-Version");
    const version = named === undefined ? API_VERSIONS[0] : API_VERSIONS.find((known) => known === named);
    c.header("Flux-Version", version ?? API_VERSIONS[0]);
    if (version === undefined)
      throw new Refusal(
        "invalid_request",
        `Flux-Version: there is no such version; there are ${API_VERSIONS.join(", ")}`,
        { status: 400 },
      );
    await next();
  };
