import { expect, test } from "vitest";
import type { Judged } from "../../edits/judge-edits.ts";
import type { Spread } from "../../kit/spread.ts";
import type { Entry } from "../grid.ts";
import type { Measured } from "../store.ts";
import { firstBlockSummary, firstBlockTable } from "./first-block-table.ts";
import { firstBlockStudy } from "./study.ts";

/** A verdict that is the same in all but the PSNR inside. */
const judged = (psnr: number) =>
  ({
    edited: {
      score: 1,
      edited: true,
      found: true,
      preserved: { kept: 9, of: 10 },
      psnr_outside_db: 34,
      ssim_outside: 1,
      identity: 1,
      psnr_inside_db: psnr,
      cf_distance_inside: 0.1,
    },
  }) as Judged;

/** Skipping leaves 12 or 14 full evaluations, and 19 dB of 20; FireFlow keeps 20. */
function measuredOf(entry: Entry): Measured[] {
  const skips = entry.firstBlock !== undefined;
  return [12, 14].map((left) => {
    const full = skips ? left : entry.evaluations;
    const spent = { full, skipped: entry.evaluations - full };
    return { entry: entry.name, subject: `beard ${left}`, judged: judged(skips ? 19 : 20), spent };
  });
}

async function study(thresholds: readonly number[]) {
  const asked: string[][] = [];
  const measure = async (entries: readonly Entry[]) => {
    asked.push(entries.map(({ name }) => name));
  };
  const names = { renderer: "r", model: "m" };
  const [full, skipped] = [1.1, 0.25].map((median) => ({ median, min: 0, max: 2 })) as [Spread, Spread];
  return {
    asked,
    groups: await firstBlockStudy({ measure, of: measuredOf, names, times: { full, skipped } }, thresholds),
  };
}

test("every preset at every threshold is measured, then FireFlow at each cost once", async () => {
  const { asked } = await study([0.1, 0.2]);
  expect(asked[0]?.slice(0, 4)).toEqual([
    "paper",
    "paper, first block 0.1",
    "paper, first block 0.2",
    "balanced",
  ]);
  // 13 full evaluations, and 107, 29 or 7 first blocks of 57: 14.9, 13.5 and 13.1
  expect(asked[1]).toEqual(["fireflow 6/6 T1", "fireflow 5/6 T1"]);
});

test("losses are of the preset without skipping, time is that of both kinds of evaluation", async () => {
  const { groups } = await study([0.1]);
  const row = groups[0]?.rows[0];
  expect(row).toMatchObject({ full: 13, skipped: 107, worst: { metric: "psnr_inside_db" } });
  expect(row?.worst.loss).toBeCloseTo(0.05, 12);
  expect(row?.cost).toBeCloseTo(13 + 107 / 57, 12);
  expect(row?.time).toBeCloseTo((13 * 1.1 + 107 * 0.25) / 120, 12);
  expect(row?.fireflow).toMatchObject({ entry: { evaluations: 14 }, worst: { loss: 0 } });
});

test("the lesser loss of a pair is bold; where both are alike none is", async () => {
  const { groups } = await study([0.1]);
  const [, , , first, second] = firstBlockTable(groups).split("\n");
  expect(first).toContain("| 13.0 | 89.2 % | 14.9 | 34.2 % | 5.0 % |");
  expect(second).toContain("| fireflow 6/6 T1 | 14 | 0 % | 14 | 11.7 % | **0.0 %** |");
  const alike = groups.map(({ preset, rows }) => ({
    preset,
    rows: rows.map((row) => ({ ...row, worst: row.fireflow.worst })),
  }));
  expect(firstBlockTable(alike)).not.toContain("**");
});

test("the summary has a threshold's figures beside FireFlow's", async () => {
  const { groups } = await study([0.1]);
  const [paper] = firstBlockSummary(groups);
  expect(paper).toMatchObject({ preset: "paper", evaluations: 120 });
  expect(paper?.thresholds[0]).toMatchObject({
    threshold: 0.1,
    full: 13,
    skipped_share: 107 / 120,
    fireflow: { name: "fireflow 6/6 T1", evaluations: 14 },
  });
});
