import { expect, test } from "vitest";
import { markKeyOf } from "../../src/provenance/watermark/mark.ts";
import { costOf, costTable } from "./mark-cost.ts";
import { rowsOf, tableOf } from "./mark-table.ts";
import { measure } from "./measure-mark.ts";
import { renderedCases, renderedPhoto, tinyCase } from "./pictures.ts";
import { CROP, TREATMENTS } from "./treatments.ts";

test("a rendered photo is measured: read after what the product promises, and nothing moved outside its region", async () => {
  const cases = await renderedCases(900_000, 512);
  const hair = cases.find(({ region }) => region === "hair");
  if (hair === undefined) throw new Error("the portrait has no hair");
  const measured = await measure(hair, markKeyOf("the secret of a deployment in a test", 1), false);
  expect(measured).toMatchObject({ held: "held", outside: 0, read: { "JPEG 80": true, "50 %": true } });
  // as many levels as the strength says: 1.2 to 5, at most doubled
  expect(measured.psnr.region).toBeGreaterThan(28);
  expect(measured.psnr.region).toBeLessThan(48);
  expect(measured.psnr.picture).toBeGreaterThan(measured.psnr.region);

  const rows = rowsOf([measured, { ...measured, read: { ...measured.read, "JPEG 80": false } }]);
  expect(rows).toMatchObject([{ pictures: 2, detection: { "JPEG 80": 0.5, "50 %": 1, [CROP.name]: null } }]);
  expect(tableOf(rows)).toMatch(/\| render 512 \| hair \| 2 \|.*\| 50 % \|.*\| – \|$/);
});

test("the cost of marking is a table of sizes and regions", async () => {
  const cases = await renderedCases(900_000, 128);
  const cost = await costOf(tinyCase(cases), markKeyOf("the secret of a deployment in a test"));
  expect(cost).toMatchObject({ group: "render 128", region: "tiny", held: "none" });
  expect(cost.ms).toBeLessThan(50);
  const table = costTable([cost, { ...cost, region: "skin", held: "held", ms: 31.4 }]);
  expect(table.split("\n")).toEqual([
    "| processor ms | tiny | skin |",
    "| --- | ---: | ---: |",
    expect.stringMatching(/^\| render 128 \| \d+ \(none\) \| 31 \(held\) \|$/),
  ]);
});

test("treatments keep or scale a picture's sides; a crop takes a tenth of them", async () => {
  const photo = await renderedPhoto(900_001, 200);
  const sides = await Promise.all([...TREATMENTS, CROP].map(async ({ apply }) => (await apply(photo)).width));
  expect(sides).toEqual([200, 200, 200, 200, 200, 150, 100, 300, 100, 180]);
});
