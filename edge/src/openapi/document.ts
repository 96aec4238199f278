import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../context.ts";

const DESCRIPTION = `Edit a portrait by saying what it should show: only what the prompt names changes.
Errors are problem documents (RFC 9457) with a stable \`code\`. Every POST takes an \`Idempotency-Key\`.
Every answer carries \`X-Request-Id\`. URLs in answers are signed and expire.`;

/** The contract as OpenAPI 3.1, made from the schemas that check the requests. */
export function describeApi(app: OpenAPIHono<AppEnv>, server: string) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Flux-Sculptor", version: "0.1.0", description: DESCRIPTION },
    servers: [{ url: server }],
    tags: [
      { name: "edits", description: "Edited portraits." },
      { name: "images", description: "Photos and masks." },
      { name: "signed use", description: "Tokens and URLs for apps and pages that have no key." },
      { name: "account", description: "Credits, models and prices." },
      { name: "admin", description: "Accounts and keys; scope admin." },
      { name: "service", description: "The service itself." },
    ],
  });
}
