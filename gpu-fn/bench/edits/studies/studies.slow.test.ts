import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scheduleSchema } from "../../../../shared/schedule.ts";
import { readManifest } from "../../../src/manifest/manifest.ts";
import { openModel } from "../../../src/model/model.ts";
import { openJudge } from "../judge.ts";
import { renders } from "../renders.ts";
import type { Bench, Study, StudyReport } from "../study.ts";
import { chosenCases } from "./chosen-cases.ts";
import { genderStudy } from "./gender.ts";
import { maskRobustnessStudy } from "./mask-robustness.ts";
import { openSetStudy } from "./open-set.ts";
import { paslCost } from "./pasl-cost.ts";
import { severalStudy } from "./several.ts";
import { STUDIES } from "./studies.ts";
import { DRAWN, userMasksStudy } from "./user-masks.ts";
import { VOCABULARY } from "./vocabulary.ts";

/** Two steps: these runs show that a study holds together, not what the model can do. */
const SCHEDULE = scheduleSchema.parse({ steps: 2, structuring_steps: 1 });
const SEED = 99_200;
let bench: Bench;

beforeAll(async () => {
  const model = await openModel(
    await readManifest(join(import.meta.dirname, "../../../models/mini/manifest.json")),
  );
  const judge = await openJudge("drawings");
  const subjects = renders(model, { judge }, SEED);
  bench = {
    model,
    judge,
    subjects,
    seed: SEED,
    perAttribute: 1,
    schedule: () => SCHEDULE,
    expect() {},
    tick() {},
  };
});
afterAll(() => bench.model.release());

/** Runs a study and checks what every report has: equal rows, and as many units of work as were said. */
async function runWhole(study: Study, on: Bench = bench): Promise<StudyReport> {
  let [units, ticks] = [0, 0];
  const report = await study.run({
    ...on,
    expect: (more) => {
      units += more;
    },
    tick: () => {
      ticks++;
    },
  });
  expect(ticks).toBe(units);
  for (const row of report.rows) expect(row).toHaveLength(report.columns.length);
  for (const { panels } of report.sheet?.rows ?? [])
    for (const panel of panels) expect(panel).toHaveLength(3 * on.model.manifest.resolution ** 2);
  return report;
}

const cell = ({ columns, rows }: StudyReport, row: string, column: string) =>
  rows.find(([name]) => name === row)?.[columns.indexOf(column)];

test("studies have names of their own", () => {
  expect(new Set(STUDIES.map(({ name }) => name)).size).toBe(STUDIES.length);
});

test("mask-robustness: a precise mask matches the region best, and doing nothing has none", async () => {
  const report = await runWhole(maskRobustnessStudy(["eyeglasses"]));
  const overlap = (row: string) => Number(cell(report, row, "mask IoU"));
  expect(overlap("precise")).toBeGreaterThan(0.8);
  for (const other of ["noise and scatter", "very coarse"]) expect(overlap(other)).toBeLessThan(0.6);
  expect(cell(report, "do nothing", "mask IoU")).toBe("—");
  expect(cell(report, "do nothing", "outside")).toBe("100.0 dB");
  expect(report.sheet?.rows[0]?.panels).toHaveLength(report.sheet?.heads.length ?? 0);
});

test("several: both ways and the truth, which has all attributes", async () => {
  const report = await runWhole(severalStudy([["eyeglasses", "lipstick"]]));
  expect(report.rows.map(([name]) => name)).toEqual(
    ["do nothing", "autoencoder only", "at once", "one after another", "truth"].map((row) => `2: ${row}`),
  );
  expect(cell(report, "2: truth", "all found")).toBe("100 %");
  expect(cell(report, "2: do nothing", "all edited")).toBe("0 %");
});

test("user-masks: pasted back, not a pixel differs where the feathered mask is 0; the model's own picture does", async () => {
  const { "one dark lens": lens, "one rosy cheek": cheek } = DRAWN.drawings;
  const report = await runWhole(userMasksStudy({ ...(lens && { lens }), ...(cheek && { cheek }) }));
  const differing = (row: string) => Number(cell(report, row, "pixels differing at mask 0"));
  expect(differing("pasted back")).toBe(0);
  expect(differing("edited")).toBeGreaterThan(1000);
  expect(Number(cell(report, "edited", "change inside"))).toBeGreaterThan(0);
  expect(cell(report, "truth", "change beside")).toBe("0.000");
});

test("open-set: a trained wording finds its region, synonyms are listed", async () => {
  const few = VOCABULARY.filter(
    ({ text, kind }) => kind === "synonym" || text.startsWith("a person with a b"),
  );
  const report = await runWhole(openSetStudy(few));
  expect(Number(cell(report, "nose", "Dice, known"))).toBeGreaterThan(0.8);
  expect(report.rows.map(([name]) => name)).toContain("spectacles → eyeglasses");
});

test("gender: the man score of each picture, a row for a baseline too; without that score a line says so", async () => {
  const { judge } = bench;
  const withMan = (man: number | undefined) => ({
    ...bench,
    judge: {
      ...judge,
      async see(picture: Uint8Array) {
        const { scores, features } = await judge.see(picture);
        const { man: _, ...others } = scores;
        return { scores: man === undefined ? others : { ...others, man }, features };
      },
    },
  });
  await expect(genderStudy([], ["lipstick"]).run(withMan(undefined))).rejects.toThrow(/^gender: [^\n]*man$/);
  const copy = {
    name: "a copy",
    edit: async (_: unknown, drawn: { source: Uint8Array }) => ({ picture: drawn.source }),
  };
  const report = await runWhole(genderStudy([copy], ["lipstick"]), withMan(0.75));
  expect(cell(report, "S2D-EC", "read as a man")).toBe("100 %");
  expect(cell(report, "lipstick: a copy", "its change")).toBe("0.000");
  expect(cell(report, "lipstick: a copy", "outside")).toBe("100.0 dB");
});

test("only men are asked for, from the first seed on", () => {
  const cases = chosenCases("lipstick", SEED, 5, ({ before }) => before.gender === "man");
  expect(cases.map(({ before }) => before.gender)).toEqual(Array(5).fill("man"));
  expect(cases.map(({ seed }) => seed)).toEqual([...cases.map(({ seed }) => seed)].sort());
  expect(() => chosenCases("lipstick", SEED, 1, () => false)).toThrow("lipstick: only 0 of 100");
});

test("pasl-cost: every part has a median, the whole at least its longest part's order", async () => {
  const report = await runWhole(paslCost, { ...bench, perAttribute: 3 });
  for (const row of report.rows) expect(Number(row[report.columns.indexOf("median, ms")])).toBeGreaterThan(0);
  expect(report.rows).toHaveLength(4);
});
