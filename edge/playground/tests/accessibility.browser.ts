import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { addSuggestion, button, chooseExample, edit, screenshot, visit } from "./visit.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** What axe-core has against the page as it is, best practices included; each with where. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>("axe.run()");
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
  );
}

const SCREENS = [
  ["light", 1280],
  ["dark", 1280],
  ["light", 360],
  ["dark", 360],
] as const;

it.each(SCREENS)("has nothing that axe-core minds, in %s, %i pixels wide", async (colorScheme, width) => {
  const { page, close } = await visit(browser, { colorScheme, viewport: { width, height: 800 } });
  await button(page, /pink hair/).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByLabel("Photo", { exact: true }).setInputFiles({
    name: "letter.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("dear reader"),
  });
  await page.getByRole("alert").getByText("not a picture").waitFor();
  expect(await violations(page)).toEqual([]);
  await chooseExample(page, /short black hair/);
  await addSuggestion(page, "with blond hair");
  await button(page, "Brush").click();
  await page.getByRole("heading", { name: "Quality" }).click();
  await page.locator(".panel").getByText("Details").click();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("heading", { name: "Quality" }).click();
  await edit(page);
  await page.locator(".after").getByText("Details").click();
  await page.getByText(/ dB, SSIM /).waitFor();
  await button(page, "Copy link").click();
  expect(await violations(page)).toEqual([]);
  if (colorScheme === "dark" && width > 1000) await screenshot(page, "dark");
  await close();
});

it("has nothing that axe-core minds where it asks for tokens", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/playground/session", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(new URL("/", (await visit(browser)).page.url()).href);
  await page.getByLabel(/two addresses/).waitFor();
  await button(page, "Use these tokens").click();
  expect(await violations(page)).toEqual([]);
  await context.close();
});

it("keeps a chosen theme", async () => {
  const { page, close } = await visit(browser, { colorScheme: "light" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await button(page, "Colours: as the system").click();
  await button(page, "Colours: light").click();
  await button(page, "Colours: dark").waitFor();
  expect(await background()).not.toBe(light);
  await page.reload();
  await button(page, "Colours: dark").waitFor();
  expect(await background()).not.toBe(light);
  await close();
});
