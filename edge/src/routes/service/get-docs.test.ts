import { expect, test } from "vitest";
import { call } from "../../../test/client.ts";

test("the reader of the contract loads nothing from elsewhere, and could not", async () => {
  const response = await call("/docs");
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toContain("text/html");
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const page = await response.text();
  const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  expect(addresses).toContain("/docs/swagger-ui-bundle.js");
  for (const address of addresses) expect(address).toMatch(/^(?:\/(?!\/)|data:)/);
  expect(page).not.toMatch(/<script>|<script(?![^>]*src=)|\s(?:style|on\w+)=/);
});
