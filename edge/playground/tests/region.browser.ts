import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import {
  addSuggestion,
  button,
  chooseExample,
  difference,
  drawnShare,
  edit,
  regionFound,
  screenshot,
  visit,
} from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** Draws with the mouse from one point of the photo to another, in shares of its sides. */
async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const box = await page.locator(".frame").boundingBox();
  if (box === null) throw new Error("there is no picture");
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 8 });
  await page.mouse.up();
}

it("grows and feathers the region, paints and erases it, and edits just what is painted", async () => {
  const { page, expectClean, close } = await visit(browser);
  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "wearing glasses");
  const located = await drawnShare(page);

  const grow = page.getByRole("slider", { name: "Grow" });
  await grow.fill("0.05");
  await expect.poll(() => drawnShare(page)).toBeGreaterThan(1.2 * located);
  await page.getByRole("slider", { name: "Feather" }).fill("0");
  await grow.fill("0");
  await regionFound(page);
  await expect.poll(() => drawnShare(page)).toBeLessThan(1.1 * located);
  const bare = await drawnShare(page);

  await button(page, "Brush").click();
  await drag(page, [0.1, 0.1], [0.3, 0.1]);
  await expect.poll(() => drawnShare(page)).toBeGreaterThan(bare + 0.005);
  const painted = await drawnShare(page);
  await page.getByRole("radio", { name: "Erase" }).check();
  await page.getByRole("slider", { name: "Brush size" }).fill("0.15");
  await screenshot(page, "brush");
  await drag(page, [0.05, 0.1], [0.35, 0.1]);
  await expect.poll(() => drawnShare(page)).toBeLessThan(painted - 0.005);
  await button(page, "Undo stroke").click();
  await expect.poll(() => drawnShare(page)).toBeCloseTo(painted, 4);
  await button(page, "Clear").click();
  await expect.poll(() => drawnShare(page)).toBeCloseTo(bare, 4);

  // only the left eye: the right half of what was located goes
  await drag(page, [0.68, 0.35], [0.68, 0.6]);
  await drag(page, [0.6, 0.35], [0.6, 0.6]);
  await expect.poll(() => drawnShare(page)).toBeLessThan(0.75 * bare);
  const left = await drawnShare(page);
  const [request] = await Promise.all([
    page.waitForRequest((sent) => sent.method() === "POST" && sent.url().includes("/v1/edits?")),
    edit(page),
  ]);
  expect(request.headers()["content-type"]).toMatch(/^multipart\/form-data/);
  const { share } = await difference(page);
  expect(share).toBeGreaterThan(0);
  // nothing changed but what was painted: the soft edge of the brush takes some more pixels than its sum
  expect(share).toBeLessThan(2 * left);
  expectClean();
  await close();
});
