// Static files are served without the worker: what `edge/public/_headers` gives them, seen through the real asset server.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "./project.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-pages-"));
let runtime: Miniflare;

beforeAll(async () => {
  // the sources in place of a build: names of built files hold a hash
  for (const [from, to] of [
    ["edge/public/_headers", "_headers"],
    ["edge/public/docs", "docs"],
    ["edge/public/llms.txt", "llms.txt"],
    ["edge/playground/index.html", "index.html"],
    ["edge/playground/public", "."],
    ["edge/playground/public/theme.js", "app/index-0123abcd.js"],
  ] as const)
    cpSync(join(ROOT, from), join(folder, to), { recursive: true, dereference: true });
  runtime = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "pages",
          compatibilityDate: "2026-10-01",
          modules: true,
          script: 'export default { fetch: () => new Response("the worker", { status: 404 }) };',
          assets: { directory: folder },
        },
      ],
    }),
  );
  await runtime.ready;
});

afterAll(async () => {
  await runtime?.dispose();
  rmSync(folder, { recursive: true });
});

const get = (path: string) => runtime.dispatchFetch(`http://pages.test${path}`);

test.each([
  "/",
  "/theme.js",
  "/icon.svg",
  "/docs/reader.js",
  "/docs/first-edit.md",
  "/llms.txt",
  "/docs/swagger-ui.css",
  "/app/index-0123abcd.js",
])("%s has what every answer has", async (path) => {
  const response = await get(path);
  await response.arrayBuffer();
  expect(response.status).toBe(200);
  expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(response.headers.get("Strict-Transport-Security")).toBe("max-age=31536000");
  expect(response.headers.get("Referrer-Policy")).toBe("no-referrer");
  expect(response.headers.get("Access-Control-Allow-Credentials")).toBeNull();
  expect(response.headers.get("Set-Cookie")).toBeNull();
  // an SVG or a page alone could run something; one policy and not two that would both count
  expect(response.headers.get("Content-Security-Policy")).toMatch(
    /^default-src 'none'; [^,]*frame-ancestors 'none'[^,]*$/,
  );
});

test("the playground's page runs and embeds only what its policy names", async () => {
  const response = await get("/");
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("script-src 'self'");
  for (const name of ["base-uri", "form-action", "frame-ancestors"])
    expect(policy).toContain(`${name} 'none'`);
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const page = await response.text();
  expect(page).not.toMatch(/<script>|<script(?![^>]*src=)|<style|\s(?:style|on\w+)=|<form|<base|<iframe/);
  for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\/(?!\/)/);
});

test("a page of another name does not exist, or leads to the one page", async () => {
  const other = await runtime.dispatchFetch("http://pages.test/index.html", { redirect: "manual" });
  await other.arrayBuffer();
  expect(other.headers.get("Location")).toBe("/");
});
