// A designer's first minutes, on a desk and on a phone: a portrait, words that miss, words that work, another change, the file.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { button, chooseExample, difference, edit, regionFound, screenshot, visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const words = (page: Page) => page.getByRole("textbox", { name: "What should change" });
const notes = (page: Page) => page.locator(".notes");

/** Writes into the field and takes what it says as a change, as a person would. */
async function ask(page: Page, text: string): Promise<void> {
  await words(page).fill(text);
  await page.keyboard.press("Enter");
}

const SCREENS = [
  [1280, 860],
  [390, 844],
] as const;

it.each(SCREENS)("edits a portrait without having read anything, %i pixels wide", async (width, height) => {
  const { page, complaints, close } = await visit(browser, {
    viewport: { width, height },
    acceptDownloads: true,
  });
  const shot = (name: string) => screenshot(page, `designer-${name}-${width}`);
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  await button(page, /pink hair/).waitFor();
  await shot("welcome");
  await chooseExample(page, /short black hair/);

  // what the model was not taught is said by name, and nothing is charged
  await ask(page, "clown nose");
  await notes(page).getByText('"clown nose" was left out').waitFor();
  expect(await button(page, "This cannot be edited yet").isDisabled()).toBe(true);
  await shot("unknown");
  await button(page, "Remove clown nose").click();

  await ask(page, "Gucci glasses");
  await regionFound(page);
  await shot("region");
  await edit(page);
  await page.getByText('"Gucci" was left out').waitFor();
  expect((await difference(page)).share).toBeGreaterThan(0.01);
  expect(await fits()).toBe(true);
  await shot("result");

  await ask(page, "with blond hair");
  await regionFound(page);
  await edit(page);
  const versions = page.getByRole("region", { name: "Versions" }).getByRole("listitem");
  expect(await versions.count()).toBe(3);
  await button(page, /^Undo$/).click();
  await button(page, /^Redo$/).click();
  await shot("versions");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.png$/);
  expect(await fits()).toBe(true);
  // the browser's own note of the refusal, once
  expect(complaints).toEqual([expect.stringContaining("422")]);
  await close();
});
