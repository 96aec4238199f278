// What the model cannot do with a photo is said before the edit.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { grainy, noFace, type PictureFile, tooLarge, twoFaces } from "./pictures.ts";
import { addSuggestion, button, drawnShare, edit, regionFound, screenshot, visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const choose = (page: Page, file: PictureFile) =>
  page.getByLabel("Photo", { exact: true }).setInputFiles(file);

const notes = (page: Page) => page.locator(".notes");

it("says that there is no face before any word, and edits what is painted all the same", async () => {
  const { page, close } = await visit(browser);
  await choose(page, await noFace());
  await notes(page).getByText("No face is found in this photo").waitFor();
  await page.getByRole("list", { name: "Suggestions" }).getByRole("button", { name: "smiling" }).click();
  await expect.poll(() => button(page, "This cannot be edited yet").isDisabled()).toBe(true);
  await screenshot(page, "no-face");
  await button(page, "Brush").click();
  await button(page, /^Brush over the region/).click({ position: { x: 90, y: 90 } });
  await expect.poll(() => button(page, /^Edit ·/).isEnabled()).toBe(true);
  expect(await notes(page).innerText()).not.toContain("No face");
  await close();
});

it("says that the model is not good at photographs, and nothing of drawings", async () => {
  const { page, expectClean, close } = await visit(browser);
  await choose(page, await grainy());
  await notes(page)
    .getByText(/looks like a photograph, which the model here \(mini\) edits only roughly/)
    .waitFor();
  await button(page, "Another photo").click();
  await button(page, /pink hair/).click();
  await page.getByText("Say what should change, and").waitFor();
  expect(await notes(page).innerText()).toBe("");
  expectClean();
  await close();
});

it("says that a large photo was made smaller, and how far", async () => {
  const { page, expectClean, close } = await visit(browser);
  await choose(page, await tooLarge());
  await notes(page).getByText("Made smaller to send it: 5600 × 5600 → 5000 × 5000 pixels.").waitFor();
  expectClean();
  await close();
});

it("frames several faces, and edits the chosen one", async () => {
  const { page, expectClean, close } = await visit(browser);
  await choose(page, await twoFaces());
  await notes(page).getByText("2 faces: the one in the blue frame is edited").waitFor();
  const faces = page.getByRole("group", { name: "Which face is edited" }).getByRole("button");
  expect(await faces.count()).toBe(2);
  const boxes = await Promise.all([0, 1].map((at) => faces.nth(at).boundingBox()));
  const other = (boxes[0]?.x ?? 0) < (boxes[1]?.x ?? 0) ? 1 : 0;
  expect(await faces.nth(0).getAttribute("aria-pressed")).toBe("true");
  await faces.nth(other).click();
  await addSuggestion(page, "wearing glasses");
  await expect.poll(() => sideOfRegion(page)).toBeGreaterThan(0.5);
  await screenshot(page, "faces");
  await faces.nth(1 - other).click();
  await expect.poll(() => sideOfRegion(page)).toBeLessThan(0.5);
  await regionFound(page);
  const [request] = await Promise.all([
    page.waitForRequest((sent) => sent.method() === "POST" && sent.url().includes("/v1/edits?")),
    edit(page),
  ]);
  expect(request.postDataJSON()).toMatchObject({ face: 1 - other });
  expectClean();
  await close();
});

/** Middle of the drawn region from left to right, 0 to 1. */
function sideOfRegion(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.region");
    if (canvas === null) return Number.NaN;
    const { width, height } = canvas;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context?.drawImage(canvas, 0, 0);
    const data = context?.getImageData(0, 0, width, height).data ?? [];
    let [sum, weighted] = [0, 0];
    for (let i = 3; i < data.length; i += 4) {
      const alpha = data[i] as number;
      sum += alpha;
      weighted += alpha * (((i - 3) / 4) % width);
    }
    return weighted / (sum * width);
  });
}

it("says why words are refused, in place, without covering where other words go", async () => {
  for (const width of [1280, 390]) {
    const { page, close } = await visit(browser, { viewport: { width, height: 844 } });
    await button(page, /pink hair/).click();
    await page.getByText("Say what should change, and").waitFor();
    await page.getByRole("textbox", { name: "What should change" }).fill("a naked woman");
    const told = notes(page).getByText(/Not allowed in the prompt: /);
    await told.waitFor();
    expect(await drawnShare(page)).toBe(0);
    await page.getByRole("textbox", { name: "What should change" }).scrollIntoViewIfNeeded();
    const [note, form] = await Promise.all([told.boundingBox(), page.locator("form.words").boundingBox()]);
    if (note === null || form === null) throw new Error("nothing to see");
    expect(note.y >= form.y + form.height || note.y + note.height <= form.y).toBe(true);
    await screenshot(page, `refused-${width}`);
    await close();
  }
});
