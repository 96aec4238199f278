import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { json } from "../../openapi/answers.ts";
import { describeApi } from "../../openapi/document.ts";

const route = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "getOpenApi",
  tags: ["service"],
  summary: "The contract as OpenAPI 3.1",
  responses: { 200: json(z.record(z.string(), z.unknown()), "This document.") },
});

/** `GET /openapi.json`: generated once per isolate, from the routes of the whole app. */
export function getOpenapi(app: OpenAPIHono<AppEnv>): OpenAPIHono<AppEnv> {
  let document: Record<string, unknown> | undefined;
  return new OpenAPIHono<AppEnv>().openapi(route, (c) => {
    document ??= { ...describeApi(app, new URL(settingsOf(c.env).PUBLIC_URL).origin) };
    return c.json(document, 200);
  });
}
