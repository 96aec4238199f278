import { expect, test } from "vitest";
import { comparisonSummary, comparisonTable, pastedNote } from "./comparison.ts";
import type { Judged } from "./judge-edits.ts";
import { TABLES } from "./tables.ts";
import type { Verdict } from "./verdict.ts";

const verdict = (psnr_inside_db: number, seam: number) =>
  ({
    ...{ score: 0.9, edited: true, found: true, preserved: { kept: 1, of: 1 }, identity: 0.9 },
    ...{ psnr_db: 30, psnr_outside_db: 40, ssim_outside: 0.9, cf_distance_inside: 0.1 },
    ...{ psnr_inside_db, seam },
  }) satisfies Verdict;

/** Before the paste 10 dB inside and a seam of 9 levels. */
const edits = (psnr: number, seam: number, pasted_differing = 0): Judged[] => [
  {
    ...{ attribute: "beard", prompt: "a man with a beard", mask_dice: 0.9, mask_iou: 0.8, pasted_differing },
    edited: verdict(10, 9),
    delivered: verdict(psnr, seam),
    ...{ do_nothing: verdict(5, Number.NaN), autoencoder_only: verdict(5, Number.NaN) },
    truth: verdict(Number.POSITIVE_INFINITY, Number.NaN),
  },
];
const names = { renderer: "text2mask-1", model: "mini" };
const found = new Map([
  ["paper", edits(20, 2)],
  ["paper, background", edits(19, 3, 7)],
]);
const { background, ablation } = TABLES as Required<typeof TABLES>;

test("a comparison as delivered shows that picture of each editor, and what each loses against the first", () => {
  const lines = comparisonTable(found, names, background as NonNullable<typeof background>).split("\n");
  expect(lines.find((line) => line.startsWith("| paper |"))).toContain("| 20.0 dB | 0.100 | 2.00 |");
  const [, lost] = lines.filter((line) => line.startsWith("| paper, background |"));
  expect(lost).toBe(
    "| paper, background | 50.0 % | 0.0 % | 0.0 % | 0.0 % | 0.0 % | 0.0 % | 0.0 % | 0.0 % | 5.0 % | 0.0 % | 50.0 % |",
  );
  const { editors } = comparisonSummary(found, [], names, background as NonNullable<typeof background>);
  expect(editors?.paper?.all).toMatchObject({ psnr_inside_db: 20, seam: 2 });
});

test("any other shows each editor before the paste, and the last one's delivered pictures", () => {
  const lines = comparisonTable(found, names, ablation as NonNullable<typeof ablation>).split("\n");
  expect(lines.filter((line) => line.startsWith("| paper, background |"))).toHaveLength(1);
  expect(lines.find((line) => line.startsWith("| paper |"))).toContain("| 10.0 dB | 0.100 | 9.00 |");
  expect(lines.find((line) => line.startsWith("| as delivered"))).toContain("| 19.0 dB | 0.100 | 3.00 |");
});

test("pixels that differ outside of any editor's masks are told", () => {
  expect(pastedNote(found)).toContain("7 pixels outside of the masks of 2 edits");
});
