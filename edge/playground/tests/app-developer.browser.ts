// An app developer's first minutes: the docs are read, and a page on another origin makes an edit with signed addresses alone.
import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { createClient } from "../../../shared/client/src/index.ts";
import { signer } from "../../docs/examples/mobile/server.ts";
import { launchChromium } from "./chromium.ts";
import { screenshot, visit } from "./visit.ts";

const FLOW = new URL("../../docs/examples/mobile/flow.ts", import.meta.url).pathname;
const PORTRAIT = new URL("../../../gpu-fn/examples/portrait-01.png", import.meta.url);

/** The app: what the example's README draws, from the session to the picture. */
const APP = `
import { follow, start, upload } from "/flow.js";
const reach = (...given) => fetch(...given);
const session = await (await fetch("/session", { method: "POST" })).json();
const bytes = new Uint8Array(await (await fetch("/photo.png")).arrayBuffer());
const image = await upload(reach, session, { bytes, type: "image/png" });
const order = { image, prompt: "a woman wearing glasses", source_prompt: "a woman", schedule: "fast" };
const told = document.querySelector("output");
for await (const { event, data } of follow(reach, await start(reach, session, order))) {
  told.append(event, " ");
  if (event === "succeeded") document.querySelector("img").src = data.image.url;
}
`;

const PAGE = `<!doctype html>
<html lang="en"><title>An app</title><output></output><img alt="the result"><script type="module" src="/app.js"></script></html>`;

let browser: Browser;
let origin: string;
const closing: (() => void)[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  const flow = await bundled(FLOW);
  const app = signer(createClient({ url: inject("url"), key: inject("apiKey") }))
    .get("/", (c) => c.html(PAGE))
    .get("/app.js", (c) => c.body(APP, 200, { "Content-Type": "text/javascript" }))
    .get("/flow.js", (c) => c.body(flow, 200, { "Content-Type": "text/javascript" }))
    .get("/photo.png", (c) => c.body(readFileSync(PORTRAIT), 200, { "Content-Type": "image/png" }))
    .get("/favicon.ico", (c) => c.body(null, 204));
  origin = await new Promise<string>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    );
    closing.push(() => server.close());
  });
});

afterAll(async () => {
  for (const close of closing) close();
  await browser?.close();
});

/** The example's flow as one module that a page can import. */
async function bundled(entry: string): Promise<string> {
  const lib = { entry, formats: ["es" as const] };
  const made = await build({ logLevel: "silent", configFile: false, build: { lib, write: false } });
  const [{ output }] = made as { output: { code: string }[] }[] as [{ output: { code: string }[] }];
  return output[0]?.code ?? "";
}

it("edits from a page of another origin, which never sees the key", async () => {
  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${JSON.stringify(request.headers())}`));
  await page.goto("/");
  const picture = page.getByRole("img", { name: "the result" });
  await expect
    .poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth), { timeout: 240_000 })
    .toBe(512);
  expect(await page.locator("output").innerText()).toMatch(/started.* succeeded/);
  expect(sent.some((line) => line.startsWith(inject("url")))).toBe(true);
  expect(sent.join("\n")).not.toContain(inject("apiKey"));
  await page.context().close();
});

it.each([1280, 390])("reads every page of the docs, %i pixels wide", async (width) => {
  const seen = await visit(browser, { viewport: { width, height: 844 } }, "/docs");
  const { page } = seen;
  const links = page.getByRole("navigation", { name: "Documentation" }).getByRole("link");
  await links.first().waitFor();
  const paths = await links.evaluateAll((found) =>
    found.map((link) => new URL((link as HTMLAnchorElement).href).pathname),
  );
  const guides = paths.filter((path) => path.startsWith("/docs/"));
  expect(guides.length).toBeGreaterThan(5);
  for (const path of ["/docs", ...guides]) {
    await page.goto(path);
    const ready =
      path === "/docs" ? page.locator("#operations-edits-createEdit") : page.locator("article h1");
    await ready.waitFor();
    await screenshot(page, `developer-${path.slice(1).replace("/", "-")}-${width}`);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond, `${path} is wider than the screen`).toBe(0);
  }
  seen.expectClean();
  await seen.close();
});
