import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SCOPES } from "../../../shared/scopes.ts";
import { bindings, call, customer } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { OPERATIONS } from "../../test/operations/all.ts";

let gpu: FakeGpu;

beforeAll(() => {
  gpu = new FakeGpu();
});

afterAll(() => gpu[Symbol.dispose]());

/** The directives of a policy by name. */
const policyOf = (response: Response) =>
  new Map(
    (response.headers.get("Content-Security-Policy") ?? "").split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );

/** What every answer must have, page or data, success or error. */
async function expectHardened(response: Response): Promise<void> {
  await response.body?.cancel();
  const { headers } = response;
  expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(headers.get("Referrer-Policy")).toBe("no-referrer");
  const [, seconds] = /^max-age=(\d+)/.exec(headers.get("Strict-Transport-Security") ?? "") ?? [];
  expect(Number(seconds)).toBeGreaterThanOrEqual(365 * 86_400);
  const policy = policyOf(response);
  expect(policy.get("default-src")).toBe("'none'");
  expect(policy.get("frame-ancestors")).toBe("'none'");
  expect(headers.get("Content-Security-Policy")).not.toMatch(/unsafe|https?:|\*/);
  // any page may read it, none with a visitor's cookies: there are none
  expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
  expect(headers.get("Access-Control-Allow-Credentials")).toBeNull();
  expect(headers.get("Set-Cookie")).toBeNull();
}

const FROM_A_PAGE = { Origin: "https://app.example" };

describe("every operation of the contract", () => {
  test.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
    "%s",
    async (_, operation) => {
      const who = await customer({ scopes: SCOPES });
      const { path, ...request } = await operation.ask(who);
      const { access } = operation;
      const key =
        access === "operator" ? bindings.ADMIN_KEY : typeof access === "object" ? who.key : undefined;
      const done = await call(path, { ...request, ...(key !== undefined && { key }) });
      expect(done.status).toBe(operation.status);
      await expectHardened(done);
      // the same again from a page of another site, without a key or with a used one
      await expectHardened(await call(path, { ...request, headers: { ...request.headers, ...FROM_A_PAGE } }));
    },
  );
});

test.each([
  ["an unknown page", "/nothing", {}, 404],
  ["a method that is not taken", "/v1/presets", { method: "PATCH" }, 405],
  ["a preflight", "/v1/edits", { method: "OPTIONS", headers: FROM_A_PAGE }, 204],
  ["a wrong key", "/v1/account", { key: "sk_1" }, 401],
])("%s", async (_, path, request, status) => {
  const response = await call(path, request);
  expect(response.status).toBe(status);
  await expectHardened(response);
});

test.each(["/", "/docs"])(
  "the page %s runs and embeds nothing that its policy does not name",
  async (path) => {
    const response = await call(path);
    const page = await response.clone().text();
    await expectHardened(response);
    const policy = policyOf(response);
    for (const name of ["base-uri", "form-action"]) expect(policy.get(name)).toBe("'none'");
    expect(page).not.toMatch(/<script>|<script(?![^>]*src=)|\s(?:style|on\w+)=|<form|<base|<iframe/);
    for (const [, style = ""] of page.matchAll(/<style>([\s\S]*?)<\/style>/g)) {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style)));
      expect(policy.get("style-src")).toContain(`'sha256-${btoa(String.fromCharCode(...digest))}'`);
    }
  },
);
