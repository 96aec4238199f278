import { expect, test } from "vitest";
import { plain } from "../perceptual/tiny-onnx.fixture.ts";
import type { PhotoCase } from "./cases.ts";
import type { PhotoClassifier } from "./classifier.ts";
import { photoFigures, photoTable } from "./photo-figures.ts";
import { judgePhoto } from "./verdict.ts";

const SIDE = 32;
const edit: PhotoCase = {
  photo: "7",
  row: "7.jpg",
  path: "photos/7.png",
  attribute: "Bangs",
  region: "forehead",
  sourcePrompt: "a man.",
  targetPrompt: "a man with bangs.",
  preserved: new Map([
    ["Male", true],
    ["Smiling", false],
    ["Blurry", false],
  ]),
};
const source = plain(SIDE, [90, 90, 90]);
/** The source with its upper half 51 levels brighter: the edit. */
const picture = source.map((value, i) => (i < source.length / 2 ? value + 51 : value));
const upper = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i < (SIDE * SIDE) / 2 ? 255 : 0));
const all = new Uint8Array(SIDE * SIDE).fill(255);

/** A classifier that reads brightness: it does not know the label Blurry. */
const classifier: PhotoClassifier = {
  names: ["Bangs", "Male", "Smiling"],
  scores: async (rgb) => ({
    Bangs: rgb[0] === 90 ? 0.05 : 0.3,
    Male: 0.9,
    Smiling: rgb[0] === 90 ? 0.2 : 0.6,
  }),
  release: async () => {},
};

test("with a parser's region, figures outside are under the region's keys; without it under the located mask's", async () => {
  const parsed = await judgePhoto({}, edit, { source, file: source, region: upper }, { picture, mask: all });
  expect(parsed.edited).toMatchObject({ psnr_outside_db: 100, ssim_outside: 1 });
  expect(Object.keys(parsed.edited).filter((key) => key.includes("located"))).toEqual([]);
  expect(parsed.mask_iou).toBeCloseTo(0.5, 12);
  expect(parsed.mask_dice).toBeCloseTo(2 / 3, 12);

  const located = await judgePhoto({}, edit, { source, file: source }, { picture, mask: upper });
  expect(located.edited).toMatchObject({ psnr_outside_located_db: 100, ssim_outside_located: 1 });
  expect(located.edited).not.toHaveProperty("psnr_outside_db");
  expect(located).not.toHaveProperty("mask_iou");

  const neither = await judgePhoto({}, edit, { source, file: source }, { picture });
  expect(Object.keys(neither.edited)).toEqual(["psnr_db", "ssim"]);
  // Half of the pixels are off by a fifth of 255: 10·log₁₀(2 · 25) dB
  expect(neither.edited.psnr_db).toBeCloseTo(10 * Math.log10(50), 9);
  expect(neither).not.toHaveProperty("autoencoder_only");
});

test("Eq. 17 and 18 count what the classifier names; without it they are null, never zero", async () => {
  const judged = await judgePhoto({ classifier }, edit, { source, file: source }, { picture });
  expect(judged.edited.attributes).toEqual({
    score: 0.3,
    edited: true,
    found: false,
    preserved: { kept: 1, of: 2 },
  });
  expect(judged.do_nothing.attributes).toMatchObject({ edited: false, preserved: { kept: 2, of: 2 } });
  expect(photoFigures([judged], "edited")).toMatchObject({ attr_edit: 1, attr_found: 0, attr_preserve: 0.5 });

  const unread = await judgePhoto(
    { classifier },
    { ...edit, attribute: "Goatee" },
    { source, file: source },
    { picture },
  );
  expect(photoFigures([judged, unread], "edited")).toMatchObject({ n: 2, attr_edit: 1 });
  const blind = await judgePhoto({}, edit, { source, file: source }, { picture });
  expect(photoFigures([blind], "edited")).toMatchObject({
    attr_edit: null,
    attr_found: null,
    attr_preserve: null,
  });
});

test("a table has the columns that any row has, and a dash where a row lacks one", async () => {
  const judged = await judgePhoto({}, edit, { source, file: source }, { picture, mask: upper });
  const bare = await judgePhoto({}, edit, { source, file: source }, { picture });
  const { columns, rows } = photoTable(
    new Map([
      ["ours", photoFigures([judged], "edited")],
      ["theirs", photoFigures([bare], "edited")],
    ]),
  );
  const at = columns.indexOf("outside own mask");
  expect(rows.map((row) => row[at])).toEqual(["100.00 dB", "—"]);
  expect(rows[0]?.[columns.indexOf("edited (τ .1)")]).toBe("—");
  expect(columns).not.toContain("lpips");
});
