import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { addSuggestion, button, chooseExample, drawnShare, edit, screenshot, visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

/** WCAG 2.2, 2.5.8: at least 24 pixels a side. */
const TARGET = 24;

it("edits on a phone: nothing wider than the screen, nothing too small to touch, painting by finger", async () => {
  const { page, expectClean, close } = await visit(browser, PHONE);
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  const small = () =>
    page.evaluate(
      (least) =>
        [...document.querySelectorAll("button, a, select, .segments label, input[type=text]")]
          .map((element) => ({ name: element.textContent, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 2 && (box.width < least || box.height < least))
          .map(({ name }) => name),
      TARGET,
    );
  await button(page, /pink hair/).waitFor();
  expect(await fits()).toBe(true);
  expect(await small()).toEqual([]);
  await chooseExample(page, /white curls/);
  await addSuggestion(page, "with rosy cheeks");
  expect(await fits()).toBe(true);
  expect(await small()).toEqual([]);

  const before = await drawnShare(page);
  await button(page, /^Brush$/).tap();
  await button(page, /^Brush over the region/).tap({ position: { x: 60, y: 60 } });
  await expect.poll(() => drawnShare(page)).toBeGreaterThan(before);
  await button(page, "Undo stroke").tap();
  await button(page, /^Brush$/).tap();

  // the one thing to do next is always in reach
  const next = await button(page, /^Edit ·/).boundingBox();
  expect((next?.y ?? 0) + (next?.height ?? 0)).toBeLessThanOrEqual(740);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await edit(page);
  // the picture was above the screen: the result is looked at
  const result = await page.locator(".frame").boundingBox();
  expect(result?.y).toBeGreaterThanOrEqual(0);
  expect((result?.y ?? 0) + (result?.height ?? 0)).toBeLessThanOrEqual(740);
  await screenshot(page, "phone");
  expect(await fits()).toBe(true);
  expectClean();
  await close();
});
