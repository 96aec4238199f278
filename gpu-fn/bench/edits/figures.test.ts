import { expect, test } from "vitest";
import { figureT } from "./figure-t.ts";
import { figures } from "./figures.ts";
import { cosine } from "./judge.ts";
import type { Judged } from "./judge-edits.ts";
import { FIGURE_T, TABLE_3 } from "./variants.ts";
import type { Verdict } from "./verdict.ts";

const verdict = (score: number, kept: number, of: number): Verdict => ({
  score,
  edited: score > 0.1,
  found: score > 0.5,
  preserved: { kept, of },
  psnr_db: 25,
  psnr_outside_db: 30,
  ssim_outside: 0.95,
  identity: 0.9,
  psnr_inside_db: 20,
  cf_distance_inside: 0.1,
  seam: 2,
});

const judged = (edited: Verdict): Judged => ({
  attribute: "beard",
  prompt: "a man with a beard",
  mask_dice: 0.9,
  mask_iou: 0.8,
  pasted_differing: 0,
  edited,
  delivered: edited,
  do_nothing: verdict(0, 1, 1),
  autoencoder_only: verdict(0, 1, 1),
  truth: verdict(1, 1, 1),
});

const names = { renderer: "text2mask-1", model: "mini 0.1.0" };

test("Eq. 17 counts scores above a tenth; Eq. 18 counts labels, not edits", () => {
  const found = figures(
    [judged(verdict(0.2, 1, 2)), judged(verdict(0.05, 6, 6)), judged(verdict(0.9, 2, 2))],
    "edited",
    names,
  );
  expect(found.attr_edit).toBeCloseTo(2 / 3, 12);
  expect(found.attr_found).toBeCloseTo(1 / 3, 12);
  expect(found.attr_preserve).toBeCloseTo(9 / 10, 12);
});

test("figures carry the keys of the benchmark's contract", () => {
  const contract =
    "attr_edit attr_preserve psnr_outside_db ssim_outside identity cf_distance_inside mask_iou mask_dice n renderer model";
  for (const key of contract.split(" "))
    expect(figures([judged(verdict(1, 1, 1))], "edited", names)).toHaveProperty(key);
});

test("a vector is 1 from itself and 0 from what shares nothing with it", () => {
  const [x, y] = [Float32Array.of(3, 4, 0), Float32Array.of(0, 0, 2)];
  expect(cosine(x, x)).toBeCloseTo(1, 6);
  expect(cosine(x, y)).toBe(0);
});

test("Table 3 compares each fusion with and without a mask after the edit without fusion; Figure 8 five T each", () => {
  expect(TABLE_3).toHaveLength(7);
  expect(TABLE_3.filter(({ ablation }) => ablation.mask === "soft")).toHaveLength(3);
  expect(FIGURE_T.map(({ structuringSteps }) => structuringSteps)).toEqual([
    1, 3, 5, 7, 9, 1, 3, 5, 7, 9, 1, 3, 5, 7, 9,
  ]);
});

test("Figure 8 is drawn with a curve a fusion", () => {
  const found = new Map(FIGURE_T.map(({ name }) => [name, [judged(verdict(0.4, 1, 1))]]));
  const svg = figureT(found, names);
  for (const fusion of ["latent fusion", "value fusion", "S2D-EC"]) expect(svg).toContain(fusion);
  expect(svg.startsWith("<svg")).toBe(true);
});
