import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { addSuggestion, button, chooseExample, edit, visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** Most script in bytes, gzipped. */
const SCRIPT_MAX = 100_000;

/** First contentful paint that counts as good (web.dev/fcp), in milliseconds, and layout shift likewise (web.dev/cls). */
const PAINT_GOOD_MS = 1_800;
const SHIFT_GOOD = 0.01;

/** Lighthouse's "slow 4G" on a phone: 150 ms of latency, 1.6 Mbit/s down, 0.75 up. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 };

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

interface Seen {
  readonly paint: number;
  readonly shift: number;
  /** What moved, for who must find out why. */
  readonly moved: readonly string[];
}

/** Notes paints and shifts from the start. */
const OBSERVE = () => {
  const seen = { paint: 0, shift: 0, moved: [] as string[] };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries())
      if (name === "first-contentful-paint") seen.paint = startTime;
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
      if (hadRecentInput) continue;
      seen.shift += value;
      for (const { node } of sources)
        seen.moved.push(`${(node as Element | null)?.className || node?.nodeName} by ${value.toFixed(4)}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
};

const seen = (page: Page) => page.evaluate<Seen>("window.seen");

it("is small: all of its script under 100 kB gzipped", async () => {
  const { page, close } = await visit(browser);
  const scripts = await page.evaluate(() =>
    performance.getEntriesByType("resource").flatMap(({ name }) => (name.endsWith(".js") ? [name] : [])),
  );
  expect(scripts.length).toBeGreaterThan(0);
  const sizes = await Promise.all(
    scripts.map(async (script) => gzipSync(await (await fetch(script)).bytes(), { level: 9 }).byteLength),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  process.stdout.write(`script: ${(total / 1000).toFixed(1)} kB gzipped\n`);
  expect(total).toBeLessThan(SCRIPT_MAX);
  await close();
});

it.each([
  ["a fast network", null],
  ["a slow one", SLOW],
] as const)("paints at once and nothing moves by itself, on %s", async (name, network) => {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(OBSERVE);
  if (network !== null) {
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", network);
  }
  await page.goto(inject("url"));
  await button(page, /pink hair/).waitFor();
  await page.waitForLoadState("networkidle");
  const opened = await seen(page);
  process.stdout.write(
    `${name}: first contentful paint ${Math.round(opened.paint)} ms, shift ${opened.shift}\n`,
  );
  expect(opened.paint).toBeGreaterThan(0);
  expect(opened.paint).toBeLessThan(PAINT_GOOD_MS);
  expect(opened.shift).toBeLessThan(SHIFT_GOOD);

  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "wearing glasses");
  await edit(page);
  const { shift, moved } = await seen(page);
  process.stdout.write(`${name}: shift after an edit ${shift.toFixed(4)}\n`);
  expect(shift, moved.join("; ")).toBeLessThan(SHIFT_GOOD);
  await context.close();
});

it("runs nothing from elsewhere, and could not", async () => {
  const answer = await fetch(inject("url"));
  const policy = answer.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
  const page = await answer.text();
  expect(page).not.toMatch(/<script>|<script(?![^>]*src=)|\s(?:style|on\w+)=/);
  const [script] = /\/app\/[^"]+\.js/.exec(page) ?? [];
  const cached = await fetch(new URL(script ?? "", inject("url")));
  expect(cached.headers.get("Cache-Control")).toContain("immutable");
  // no key of this installation is in what browsers get
  expect(await cached.text()).not.toMatch(/sk_[0-9a-z]{26}/);
});
