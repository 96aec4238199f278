import { OpenAPIHono } from "@hono/zod-openapi";
import { expect, test, vi } from "vitest";
import type { AppEnv } from "../context.ts";
import { onError } from "./on-error.ts";
import { requestId } from "./request-id.ts";

/** What a client reads when an error is thrown behind the router. */
async function answered(error: Error) {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const app = new OpenAPIHono<AppEnv>();
  app.use(requestId());
  app.get("/", () => {
    throw error;
  });
  app.onError(onError);
  const response = await app.request("/");
  vi.restoreAllMocks();
  return {
    status: response.status,
    retryAfter: response.headers.get("Retry-After"),
    body: await response.json(),
  };
}

test.each([
  ["is overloaded", { overloaded: true }],
  ["moves or restarts", { retryable: true }],
])("an account's object that %s is a 503 that says when to come back", async (_, mark) => {
  const { status, retryAfter, body } = await answered(Object.assign(new Error("Durable Object"), mark));
  expect(status).toBe(503);
  expect(Number(retryAfter)).toBeGreaterThan(0);
  expect(body).toMatchObject({ code: "unavailable" });
});

test("any other error is a 500 without details", async () => {
  const { status, body } = await answered(new Error("a secret of the server"));
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain("secret");
});
