import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import sharp from "sharp";
import { expect, inject } from "vitest";

/** One visitor's page, and what it did that no page should. */
export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the console, and uncaught errors. */
  readonly complaints: readonly string[];
  /** Origins that were asked for anything. */
  readonly origins: ReadonlySet<string>;
  /** Nothing above is there but this site. */
  expectClean(): void;
  close(): Promise<void>;
}

const DESKTOP = { width: 1280, height: 860 } as const;

/** Opens the playground. @param path with its hash */
export async function visit(
  browser: Browser,
  options: BrowserContextOptions = {},
  path = "/",
): Promise<Visit> {
  const url = inject("url");
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: url, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http")) origins.add(origin);
  });
  await page.goto(path);
  return {
    page,
    complaints,
    origins,
    expectClean: () => {
      expect(complaints).toEqual([]);
      expect([...origins]).toEqual([url]);
    },
    close: () => context.close(),
  };
}

export const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name });

/** Chooses an example portrait and waits until it is uploaded. */
export async function chooseExample(page: Page, shows: RegExp): Promise<void> {
  await button(page, shows).click();
  await page.getByText("Say what should change, and").waitFor();
}

/** Adds a suggestion and waits for the region it is about. */
export async function addSuggestion(page: Page, phrase: string): Promise<void> {
  await page.getByRole("list", { name: "Suggestions" }).getByRole("button", { name: phrase }).click();
  await regionFound(page);
}

/** Waits until the region of the words is located and drawn. */
export async function regionFound(page: Page): Promise<void> {
  await page
    .getByText(/^The region covers/)
    .first()
    .waitFor();
  await expect.poll(() => drawnShare(page)).toBeGreaterThan(0);
}

/** Runs the edit that is set and waits for its picture. */
export async function edit(page: Page): Promise<void> {
  await button(page, /^Edit ·/).click();
  await page.getByRole("slider", { name: "Before and after" }).waitFor();
}

/** Share of the photo that the drawn region covers. */
export function drawnShare(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.region");
    if (canvas === null) return 0;
    const { width, height } = canvas;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context?.drawImage(canvas, 0, 0);
    const data = context?.getImageData(0, 0, width, height).data;
    if (data === undefined) return 0;
    let sum = 0;
    for (let i = 3; i < data.length; i += 4) sum += data[i] as number;
    return sum / (255 * (data.length / 4));
  });
}

/** Share of the pixels in which before and after differ, and the size of after. */
export function difference(page: Page): Promise<{ share: number; width: number; height: number }> {
  return page.evaluate(() => {
    const [after, before] = [...document.querySelectorAll<HTMLImageElement>(".compare img")];
    if (after === undefined || before === undefined) throw new Error("nothing to compare");
    const { naturalWidth: width, naturalHeight: height } = after;
    const pixels = [after, before].map((image) => {
      const context = new OffscreenCanvas(width, height).getContext("2d");
      context?.drawImage(image, 0, 0, width, height);
      return context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    });
    const [a, b] = pixels as [Uint8ClampedArray, Uint8ClampedArray];
    let different = 0;
    for (let i = 0; i < a.length; i += 4)
      if (a[i] !== b[i] || a[i + 1] !== b[i + 1] || a[i + 2] !== b[i + 2]) different += 1;
    return { share: different / (width * height), width, height };
  });
}

/** A picture of the page; written only where SCREENSHOTS names a folder, so that a test run changes no file. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS: folder } = process.env;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const png = await page.screenshot({ animations: "disabled" });
  await sharp(png)
    .webp({ quality: 84 })
    .toFile(join(folder, `${name}.webp`));
}
