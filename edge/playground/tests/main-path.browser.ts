import type { Browser, Request } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { addSuggestion, button, chooseExample, difference, edit, screenshot, visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** The orders of edits that a page sent. */
function ordersOf(requests: readonly Request[]) {
  return requests.map((request) => request.postDataJSON() as { image: string; edits: { prompt: string }[] });
}

it("edits a portrait, goes on from the result, goes back, branches, saves and shares", async () => {
  const { page, expectClean, close } = await visit(browser, { acceptDownloads: true });
  const sent: Request[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/v1/edits?")) sent.push(request);
  });
  await button(page, /pink hair/).waitFor();
  await screenshot(page, "welcome");
  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "with blond hair");
  await screenshot(page, "region");

  await button(page, /^Edit · \d+ credit/).click();
  await page.getByRole("progressbar", { name: "Edit" }).waitFor();
  await page.getByRole("slider", { name: "Before and after" }).waitFor();
  const first = await difference(page);
  expect(first).toMatchObject({ width: 512, height: 512 });
  // hair is a good part of the portrait; the rest is as it was, to the last bit
  expect(first.share).toBeGreaterThan(0.05);
  expect(first.share).toBeLessThan(0.6);
  await screenshot(page, "result");

  // the same again would be the same picture
  expect(await button(page, /Add another change/).isDisabled()).toBe(true);
  await addSuggestion(page, "wearing red lipstick");
  await edit(page);
  const second = await difference(page);
  expect(second.share).toBeGreaterThan(first.share);
  const [one, two] = ordersOf(sent);
  expect(one?.edits).toEqual([{ prompt: "a woman with blond hair" }]);
  expect(two?.edits).toEqual([{ prompt: "a woman with blond hair" }, { prompt: "wearing red lipstick" }]);
  // a chain starts from the photo itself, not from the result before
  expect(two?.image).toBe(one?.image);

  await button(page, /^Undo$/).click();
  await expect.poll(() => button(page, "Remove wearing red lipstick").count()).toBe(0);
  await expect.poll(async () => (await difference(page)).share).toBe(first.share);
  await button(page, /^Redo$/).click();
  await button(page, /^Undo$/).click();
  await addSuggestion(page, "wearing glasses");
  await edit(page);
  const versions = page.getByRole("region", { name: "Versions" }).getByRole("listitem");
  expect(await versions.allInnerTexts()).toEqual([
    "The photo",
    "with blond hair",
    "+ wearing red lipstick",
    "+ wearing glasses",
  ]);
  await page.setViewportSize({ width: 1280, height: 1040 });
  await screenshot(page, "versions");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("portrait-03-with-blond-hair-wearing-glasses.png");

  await button(page, "Copy link").click();
  const shared = new URL(page.url());
  expectClean();
  await close();

  const other = await visit(browser, {}, `/${shared.hash}`);
  await button(other.page, "Remove wearing glasses").waitFor();
  await edit(other.page);
  expect((await difference(other.page)).share).toBeGreaterThan(first.share);
  other.expectClean();
  await other.close();
});

it("takes a photo of one's own, dropped or chosen, and cancels an edit on the way", async () => {
  const { page, expectClean, close } = await visit(browser);
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    button(page, /Drop a photo here/).click(),
  ]);
  await chooser.setFiles(new URL("../../../gpu-fn/examples/portrait-02.png", import.meta.url).pathname);
  await page.getByText("Say what should change, and").waitFor();
  await page
    .getByRole("textbox", { name: "What should change" })
    .fill("a man with a full beard and wearing glasses");
  await page.keyboard.press("Enter");
  expect(await page.getByRole("radio", { name: "man", exact: true }).isChecked()).toBe(true);
  await button(page, "Remove wearing glasses").waitFor();
  await page.getByText(/with a full beard: \d/).waitFor();
  await button(page, /^Edit ·/).click();
  await button(page, "Cancel").click();
  await button(page, /^Edit ·/).waitFor();
  expect(await page.getByRole("alert").innerText()).toBe("");
  await edit(page);
  expectClean();
  await close();
});
