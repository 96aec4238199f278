import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { visit } from "./visit.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

test("a route is tried from /docs with the key that the address brought, which is then gone from it", async () => {
  const seen = await visit(browser, {}, `/docs#key=${inject("apiKey")}`);
  const { page } = seen;
  await page.locator("#operations-account-getAccount").waitFor();
  expect(page.url()).not.toContain("sk_");
  await page.locator("#operations-account-getAccount button.opblock-summary-control").click();
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Execute" }).click();
  const answer = page.locator(".live-responses-table");
  await answer.getByText('"balance"').waitFor();
  seen.expectClean();
  await seen.close();
});

test("each route has snippets, in a language that is chosen once", async () => {
  const seen = await visit(browser, {}, "/docs");
  const { page } = seen;
  const open = async (name: string) => {
    await page.locator(`#operations-${name} button.opblock-summary-control`).first().click();
    return page.locator(`#operations-${name} .snippets`);
  };
  const edit = await open("edits-createEdit");
  expect(await edit.locator("pre").textContent()).toMatch(/^curl /);
  await edit.getByRole("button", { name: "Python" }).click();
  expect(await edit.locator("pre").textContent()).toContain("from flux_sculptor import FluxSculptor");
  const image = await open("images-createImage");
  expect(await image.locator("pre").textContent()).toContain("flux.upload");
  seen.expectClean();
  await seen.close();
});

test("a guide is shown beside the reference, with its tables and code", async () => {
  const seen = await visit(browser, {}, "/docs/masks");
  const { page } = seen;
  await page.getByRole("heading", { name: "Masks", level: 1 }).waitFor();
  expect(await page.locator("article table tr").count()).toBeGreaterThan(5);
  expect(await page.locator('nav a[aria-current="page"]').textContent()).toBe("Masks");
  seen.expectClean();
  await seen.close();
});
