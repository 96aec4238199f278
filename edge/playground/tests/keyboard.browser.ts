import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { drawnShare, regionFound, visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** Name of what has the focus, as a screen reader would say it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement | null;
    const labels = [...(element?.labels ?? [])].map((label) => label.textContent);
    const alt = element?.querySelector("img")?.alt;
    return (
      (element?.getAttribute("aria-label") ?? labels.join(" ")) || alt || element?.textContent?.trim() || ""
    );
  });

const TABS_MAX = 60;

/** Presses Tab until what is called so has the focus. */
async function tabTo(page: Page, name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < TABS_MAX; i++) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (name.test(now)) return;
    seen.push(now);
  }
  throw new Error(`${name} is not reached by ${key}: ${seen.join(" | ")}`);
}

it("edits without a pointer, from the first key to the result", async () => {
  const { page, expectClean, close } = await visit(browser);
  const { keyboard } = page;
  await keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to the editor");
  await keyboard.press("Enter");
  await tabTo(page, /pink hair/);
  await keyboard.press("Enter");
  await page.getByText("Say what should change, and").waitFor();

  // the button that was pressed is gone: the next Tab goes on inside the editor, not at the top of the page
  await tabTo(page, /^What should change/);
  await keyboard.type("wearing glasses");
  await keyboard.press("Enter");
  await regionFound(page);
  await tabTo(page, /^Remove wearing glasses/);
  await keyboard.press("Enter");
  await expect.poll(() => focused(page)).toMatch(/^What should change/);
  await keyboard.type("wearing glasses");
  await keyboard.press("Enter");
  await regionFound(page);

  const before = await drawnShare(page);
  await tabTo(page, /^Brush$/, "Shift+Tab");
  await keyboard.press("Space");
  await tabTo(page, /^Brush over the region/, "Shift+Tab");
  for (let i = 0; i < 10; i++) await keyboard.press("ArrowUp");
  await keyboard.press("Space");
  await expect.poll(() => drawnShare(page)).toBeGreaterThan(before);
  await keyboard.press("Backspace");
  await expect.poll(() => drawnShare(page)).toBeCloseTo(before, 4);

  await tabTo(page, /^Edit ·/);
  await keyboard.press("Enter");
  await tabTo(page, /^Cancel$/);
  const range = page.getByRole("slider", { name: "Before and after" });
  await range.waitFor();
  await tabTo(page, /^Before and after/, "Shift+Tab");
  await keyboard.press("End");
  await expect.poll(() => range.getAttribute("aria-valuetext")).toBe("100 % before, 0 % after");
  await page.getByRole("status").getByText("The edit is ready: wearing glasses").waitFor();

  await tabTo(page, /^Undo$/);
  await keyboard.press("Enter");
  await expect
    .poll(() => page.getByRole("button", { name: "The photo" }).getAttribute("aria-current"))
    .toBe("true");
  expectClean();
  await close();
});
