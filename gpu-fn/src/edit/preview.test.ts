import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { drawPreview, expectedClean, PREVIEWS_MAX, PreviewPace } from "./preview.ts";

describe("the clean latent that a step points to", () => {
  it("is the end of a straight path, from any step of it", () => {
    const [clean, noise] = [Float32Array.of(0.5, -2, 3), Float32Array.of(1, 1, -1)];
    const at = (t: number) => clean.map((value, i) => (1 - t) * value + t * (noise[i] as number));
    for (const [from, to] of [
      [1, 0.9],
      [0.6, 0.2],
      [0.2, 0],
    ] as const) {
      const found = expectedClean(at(from), at(to), { from, to });
      found.forEach((value, i) => {
        expect(value).toBeCloseTo(clean[i] as number, 5);
      });
    }
  });
});

describe("the pace of previews", () => {
  it("gives none for a short edit and at most four, with each gap twice the one before", () => {
    const pace = new PreviewPace(500);
    const due: number[] = [];
    for (let now = 500; now < 60_000; now += 100) if (pace.due(now)) due.push(now - 500);
    expect(due).toEqual([1_000, 3_000, 7_000, 15_000]);
    expect(due).toHaveLength(PREVIEWS_MAX);
  });
});

describe("a preview", () => {
  const grey = (width: number, height: number, value: number) =>
    new Uint8Array(3 * width * height).fill(value);
  const average = async (
    bytes: Uint8Array,
    box: { left: number; top: number; width: number; height: number },
  ) => (await sharp(await sharp(bytes).extract(box).toBuffer()).stats()).channels[0]?.mean ?? Number.NaN;

  it("shows the edit where the mask is white and the photo everywhere else, at most 512 pixels wide", async () => {
    const [width, height] = [1200, 800];
    const photo = { width, height, rgb: grey(width, height, 40), alpha: null };
    const mask = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) mask.fill(255, y * width + 600, (y + 1) * width);
    const square = { left: 200, top: 0, width: 800, height: 800 };
    const preview = await drawPreview(photo, square, mask, grey(64, 64, 200), { width: 64, height: 64 });
    expect(preview).toMatchObject({ width: 512, height: 341 });
    const { format } = await sharp(preview.bytes).metadata();
    expect(format).toBe("jpeg");
    const strip = { top: 100, width: 60, height: 100 };
    expect(await average(preview.bytes, { ...strip, left: 10 })).toBeCloseTo(40, -1);
    expect(await average(preview.bytes, { ...strip, left: 150 })).toBeCloseTo(40, -1);
    expect(await average(preview.bytes, { ...strip, left: 300 })).toBeCloseTo(200, -1);
    expect(await average(preview.bytes, { ...strip, left: 445 })).toBeCloseTo(40, -1);
  });

  it("shows an oblong part in its place, and transparent places as white", async () => {
    const [width, height] = [400, 300];
    const alpha = new Uint8Array(width * height).fill(255).fill(0, 0, 100 * width);
    const photo = { width, height, rgb: grey(width, height, 40), alpha };
    const part = { left: 200, top: 150, width: 160, height: 100 };
    const mask = new Uint8Array(width * height).fill(255);
    const size = { width: 80, height: 50 };
    const { bytes } = await drawPreview(photo, part, mask, grey(80, 50, 200), size);
    const box = { width: 40, height: 40 };
    expect(await average(bytes, { ...box, left: 310, top: 200 })).toBeCloseTo(200, -1);
    expect(await average(bytes, { ...box, left: 150, top: 200 })).toBeCloseTo(40, -1);
    expect(await average(bytes, { ...box, left: 310, top: 20 })).toBeCloseTo(255, -1);
  });

  it("leaves a small photo at its size", async () => {
    const photo = { width: 70, height: 64, rgb: grey(70, 64, 9), alpha: null };
    const square = { left: 3, top: 0, width: 64, height: 64 };
    const decoded = { width: 32, height: 32 };
    const preview = await drawPreview(photo, square, new Uint8Array(70 * 64), grey(32, 32, 0), decoded);
    expect(preview).toMatchObject({ width: 70, height: 64 });
  });
});
