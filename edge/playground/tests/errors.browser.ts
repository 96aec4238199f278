import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { createClient } from "../../../shared/client/src/index.ts";
import { launchChromium } from "./chromium.ts";
import { addSuggestion, button, chooseExample, edit, visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const file = (name: string, mimeType: string, text: string) => ({
  name,
  mimeType,
  buffer: Buffer.from(text),
});

it("says in words what is wrong with a file and with the words", async () => {
  const { page, expectClean, close } = await visit(browser);
  const alert = page.getByRole("alert");
  const input = page.getByLabel("Photo", { exact: true });
  await input.setInputFiles(file("letter.txt", "text/plain", "dear reader"));
  await alert.getByText("“letter.txt” is not a picture").waitFor();
  await input.setInputFiles(file("broken.png", "image/png", "not a png at all"));
  await alert.getByText("“broken.png” cannot be opened as a picture").waitFor();
  await button(page, "Dismiss").click();
  expect(await alert.innerText()).toBe("");

  await chooseExample(page, /pink hair/);
  await page.getByRole("textbox", { name: "What should change" }).fill("με γυαλιά");
  await page.getByText(/must be in Latin letters, or in Arabic/).waitFor();
  expect(await button(page, "Add").isDisabled()).toBe(true);
  expect(await button(page, /^Edit ·/).isDisabled()).toBe(true);
  expectClean();
  await close();
});

it("says when the connection is gone, and goes on when it is back", async () => {
  const { page, close } = await visit(browser);
  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "wearing glasses");
  await page.context().setOffline(true);
  await button(page, /^Edit ·/).click();
  await page.getByRole("alert").getByText("No connection").waitFor();
  await page.context().setOffline(false);
  await button(page, "Try again").click();
  await page.getByRole("slider", { name: "Before and after" }).waitFor();
  expect(await page.getByRole("alert").innerText()).toBe("");
  await close();
});

it("shows previews, takes up a stream of events that broke, and does without one", async () => {
  const { page, expectClean, close } = await visit(browser);
  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "wearing glasses");
  const preview = new URL("/examples/portrait-01.png", page.url()).href;
  const told = `event: preview\ndata: ${JSON.stringify({ url: preview })}\n\n`;
  const first = { status: 200, contentType: "text/event-stream", body: `retry: 1500\n\n${told}` };
  await page.route("**/events?*", (route) => route.fulfill(first), { times: 1 });
  await button(page, /^Edit ·/).click();
  await expect.poll(() => page.locator(".frame img").getAttribute("src")).toBe("/examples/portrait-01.png");
  await page.getByRole("slider", { name: "Before and after" }).waitFor();
  expectClean();

  await addSuggestion(page, "with rosy cheeks");
  await page.route("**/events?*", (route) => route.abort());
  await edit(page);
  await close();
});

it("says that the demo budget is used up", async () => {
  const { page, close } = await visit(browser);
  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "wearing glasses");
  const problem = {
    type: "about:blank",
    title: "",
    status: 402,
    code: "insufficient_credits",
    request_id: "r",
  };
  await page.route("**/v1/edits?*", (route) =>
    route.fulfill({
      status: 402,
      contentType: "application/problem+json",
      body: JSON.stringify({ ...problem, detail: "this edit costs 1 credits; 0 are left" }),
    }),
  );
  await button(page, /^Edit ·/).click();
  await page.getByRole("alert").getByText("The demo budget is used up").waitFor();
  expect(await page.getByRole("alert").innerText()).not.toMatch(/insufficient_credits|402/);
  await close();
});

it("asks for tokens where the server gives none, refuses a secret key, and works with signed ones", async () => {
  const client = createClient({ url: inject("url"), key: inject("apiKey") });
  const signed = await Promise.all([
    client.createToken({ action: "edit", expires_in: 600, max_uses: 2 }),
    client.createToken({ action: "upload", expires_in: 600 }),
  ]);
  const context = await browser.newContext({ baseURL: inject("url") });
  const page = await context.newPage();
  await page.route("**/playground/session", (route) =>
    route.fulfill({
      status: 404,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: "not found",
        status: 404,
        detail: "there is no such address",
        code: "not_found",
        request_id: "r",
      }),
    }),
  );
  await page.goto("/");
  const field = page.getByLabel(/two addresses/);
  await field.fill(inject("apiKey"));
  await button(page, "Use these tokens").click();
  await page.getByText(/It must never be put into a web page/).waitFor();
  await field.fill(signed.map(({ url }) => url).join("\n"));
  await button(page, "Use these tokens").click();
  await chooseExample(page, /pink hair/);
  await addSuggestion(page, "wearing glasses");
  await edit(page);
  await context.close();
});
