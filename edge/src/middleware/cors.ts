import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { allowedMethods } from "./allowed-methods.ts";

const REQUEST_HEADERS = [
  "Authorization",
  "Content-Type",
  "Flux-Version",
  "Idempotency-Key",
  "Last-Event-ID",
  "Prefer",
  "X-Request-Id",
].join(", ");

const EXPOSED_HEADERS = [
  "ETag",
  "Flux-Version",
  "Idempotent-Replayed",
  "Location",
  "Preference-Applied",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "X-Request-Id",
].join(", ");

interface Routes {
  readonly routes: readonly { readonly method: string; readonly path: string }[];
}

/**
 * Cross-origin reading for every page (no cookies are used, so `*` gives away nothing that signed URLs do not carry
 * themselves) and the answers to preflights. That secret keys are refused from a browser is the authentication's
 * rule; `Authorization` passes the preflight so that the page can read why.
 */
export const cors = (app: Routes): MiddlewareHandler<AppEnv> =>
  async function cors(c, next) {
    const methods = c.req.method === "OPTIONS" ? allowedMethods(app.routes, c.req.path) : [];
    if (methods.length > 0) {
      c.res = c.body(null, 204, {
        Allow: methods.join(", "),
        "Access-Control-Allow-Methods": methods.join(", "),
        "Access-Control-Allow-Headers": REQUEST_HEADERS,
        "Access-Control-Max-Age": "86400",
      });
    } else await next();
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Access-Control-Expose-Headers", EXPOSED_HEADERS);
  };
