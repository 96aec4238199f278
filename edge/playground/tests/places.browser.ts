// Back, forward and reload lose nothing; a link says what it holds.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { noFace } from "./pictures.ts";
import { addSuggestion, button, chooseExample, edit, visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const shown = (page: Page) =>
  page.getByRole("region", { name: "Versions" }).locator("[aria-current]").innerText();

it("steps back from a version to the photo to the welcome, forward again, and comes back after a reload", async () => {
  const { page, expectClean, close } = await visit(browser);
  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "wearing glasses");
  await edit(page);
  await expect.poll(() => shown(page)).toBe("wearing glasses");

  await page.goBack();
  await expect.poll(() => shown(page)).toBe("The photo");
  await page.goBack();
  await button(page, /Drop a photo here/).waitFor();
  await page.goForward();
  await expect.poll(() => shown(page)).toBe("The photo");
  await page.goForward();
  await page.getByRole("slider", { name: "Before and after" }).waitFor();
  expect(await shown(page)).toBe("wearing glasses");

  await page.reload();
  await page.getByRole("slider", { name: "Before and after" }).waitFor();
  expect(await shown(page)).toBe("wearing glasses");
  expect(
    await page.evaluate(() => document.querySelector<HTMLImageElement>(".compare img")?.naturalWidth),
  ).toBe(512);
  await addSuggestion(page, "with rosy cheeks");
  await edit(page);
  await expect.poll(() => shown(page)).toBe("+ with rosy cheeks");
  expectClean();
  await close();
});

/** Steps in the page itself, each as soon as the one before is drawn: `[what is then shown, the next step]`. */
const stepAtOnce = (page: Page, steps: [shows: string, step: number][]) =>
  page.evaluate(async (steps) => {
    history.back();
    for (const [shows, step] of steps) {
      await new Promise<void>((resolve) => {
        const look = () => {
          const current = document.querySelector<HTMLElement>("[aria-current]")?.innerText;
          if (current !== shows && !(current === undefined && document.body.innerText.includes(shows)))
            return;
          watching.disconnect();
          history.go(step);
          resolve();
        };
        const watching = new MutationObserver(look);
        watching.observe(document.body, { childList: true, subtree: true, attributes: true });
      });
    }
  }, steps);

it("finds the photo again when one steps back and forward before it is kept", async () => {
  const { page, expectClean, close } = await visit(browser);
  await chooseExample(page, /pink hair/);
  await stepAtOnce(page, [["Drop a photo here", 1]]);
  await page.getByText("Say what should change, and").waitFor({ timeout: 20_000 });
  expectClean();
  await close();
});

it("keeps what is ahead when one steps back twice at once", async () => {
  const { page, expectClean, close } = await visit(browser);
  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "wearing glasses");
  await edit(page);
  await expect.poll(() => shown(page)).toBe("wearing glasses");
  await stepAtOnce(page, [
    ["The photo", -1],
    ["Drop a photo here", 1],
  ]);
  await expect.poll(() => shown(page)).toBe("The photo");
  await page.goForward();
  await expect.poll(() => shown(page)).toBe("wearing glasses");
  expectClean();
  await close();
});

it("tells what a link holds", async () => {
  const { page, close } = await visit(browser);
  await chooseExample(page, /pink hair/);
  await button(page, "Copy link").click();
  await page.getByText("It holds the example, the words, the quality and the sliders.").waitFor();
  await button(page, "Another photo").click();
  await page.getByLabel("Photo", { exact: true }).setInputFiles(await noFace());
  await button(page, "Copy link").click();
  await page.getByText(/the words, the quality and the sliders; your photo stays here/).waitFor();
  await close();
});
