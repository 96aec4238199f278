import { expect, test } from "vitest";
import { call } from "../../../test/client.ts";
import { GUIDES } from "./get-docs.ts";

const PAGES = ["/docs", ...Object.keys(GUIDES).map((name) => `/docs/${name}`)];

test.each(PAGES)("%s loads nothing from elsewhere, and could not", async (path) => {
  const response = await call(path);
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toContain("text/html");
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const page = await response.text();
  const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  expect(addresses).toEqual(expect.arrayContaining(["/docs/swagger-ui-bundle.js", ...PAGES]));
  for (const address of addresses) expect(address).toMatch(/^(?:\/(?!\/)|data:)/);
  expect(page).not.toMatch(/<script>|<script(?![^>]*src=)|\s(?:style|on\w+)=/);
});
