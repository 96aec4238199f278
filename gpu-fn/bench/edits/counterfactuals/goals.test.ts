import { expect, test } from "vitest";
import type { Judged } from "../judge-edits.ts";
import type { Verdict } from "../verdict.ts";
import { goalsOf } from "./goals.ts";

const verdict = (more: Partial<Verdict>): Verdict => ({
  ...{
    score: 0.9,
    edited: true,
    found: true,
    preserved: { kept: 10, of: 10 },
    psnr_db: 30,
    psnr_outside_db: 31,
  },
  ...{
    ssim_outside: 0.95,
    identity: 0.99,
    psnr_inside_db: 20,
    cf_distance_inside: 0.1,
    seam: 2,
    perceptual: { who: 0.9 },
  },
  ...more,
});
const edit = (attribute: string, gain: number, more: Partial<Verdict> = {}): Judged => ({
  ...{ attribute, prompt: attribute, mask_dice: 0.8, mask_iou: 0.7, pasted_differing: 0 },
  edited: verdict(more),
  delivered: verdict({ psnr_inside_db: 12 + gain, ...more }),
  do_nothing: verdict({ psnr_inside_db: 12 }),
  autoencoder_only: verdict({ perceptual: { who: 0.92 } }),
  truth: verdict({}),
});
const names = { renderer: "", model: "" };
const goals = (paper: readonly Judged[], fast = paper) => {
  const found = goalsOf(
    new Map([
      ["paper", paper],
      ["fast", fast],
    ]),
    names,
    "who",
  );
  return new Map(found.map(({ goal, met }) => [goal, met]));
};

test("an attribute's gain is held to its family's", () => {
  const found = goals([
    edit("blond_hair", 6.1),
    edit("beard", 5.9),
    edit("heavy_makeup", 1.6),
    edit("eyeglasses", -0.1),
  ]);
  expect(found.get("hair colours: dB inside over doing nothing")).toBe(true);
  expect(found.get("beards: dB inside over doing nothing")).toBe(false);
  expect(found.get("makeup: dB inside over doing nothing")).toBe(true);
  expect(found.get("eyeglasses: dB inside over doing nothing")).toBe(false);
  expect(found.get("smile: dB inside over doing nothing")).toBeNull();
});

test("what the classifier cannot judge is not judged, and one edit that changes a pixel elsewhere fails", () => {
  const unread = { score: Number.NaN, edited: false, found: false, preserved: { kept: 0, of: 0 } };
  const found = goals([edit("beard", 7, unread), { ...edit("beard", 7), pasted_differing: 1 }]);
  expect(found.get("attribute edited")).toBe(true);
  expect(found.get("pixels changed outside of the mask")).toBe(false);
  expect(goals([edit("beard", 7, unread)]).get("attribute edited")).toBeNull();
  expect(goals([edit("beard", 7, unread)]).get("preserved")).toBeNull();
});

test("a schedule may lose its share of any metric and no more", () => {
  const paper = [edit("beard", 8)];
  expect(goals(paper, [edit("beard", 7.2)]).get("fast: most lost of a metric")).toBe(true);
  expect(goals(paper, [edit("beard", 6.8)]).get("fast: most lost of a metric")).toBe(false);
});

test("identity is held to the picture that a user gets", () => {
  const goal = "identity as delivered less the autoencoder's";
  const another = verdict({ perceptual: { who: 0.8 } });
  expect(goals([{ ...edit("beard", 8), edited: another }]).get(goal)).toBe(true);
  expect(goals([{ ...edit("beard", 8), delivered: another }]).get(goal)).toBe(false);
});
