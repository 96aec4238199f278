import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scheduleSchema } from "../../../../shared/schedule.ts";
import { readManifest } from "../../../src/manifest/manifest.ts";
import { type Model, openModel } from "../../../src/model/model.ts";
import { portrait, renderPortrait } from "../../../training/text2mask/render.ts";
import { exportCases } from "../export.ts";
import { meanDifference, scratch } from "../perceptual/tiny-onnx.fixture.ts";
import { type PhotoBenchOptions, photoBench } from "./bench.ts";
import type { PhotoFigures } from "./photo-figures.ts";
import { openedPhotos, selectPhotos } from "./selection.ts";

const folder = scratch();
const [photos, labels, masks] = [join(folder, "photos"), join(folder, "labels.csv"), join(folder, "masks")];
let model: Model;

function put(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

beforeAll(async () => {
  for (const i of [0, 1]) {
    const raw = { width: 192, height: 192, channels: 3 } as const;
    const square = sharp(await renderPortrait(portrait(99_000 + i), 192), { raw });
    // A tall photo: the square that is edited is 192 of its 222 rows, a third of the rest above it.
    put(join(photos, `${i}.png`), await square.extend({ top: 10, bottom: 20 }).png().toBuffer());
    const white = { width: 96, height: 111, channels: 3, background: "white" } as const;
    put(join(masks, `${i}/expression.png`), await sharp({ create: white }).png().toBuffer());
  }
  writeFileSync(labels, "photo,Male,Smiling\n0.jpg,1,-1\n1.jpg,-1,-1\n2.jpg,1,-1\n");
  model = await openModel(
    await readManifest(join(import.meta.dirname, "../../../models/mini/manifest.json")),
  );
});
afterAll(() => model.release());

const selection = () => ({ photos, labels, attributes: ["Smiling"], first: 1, perAttribute: 2 });
const options = (changed: Partial<PhotoBenchOptions>): PhotoBenchOptions => ({
  ...selection(),
  perceptual: {},
  results: [],
  edit: true,
  schedule: () => scheduleSchema.parse({ steps: 2, structuring_steps: 1 }),
  expect: () => {},
  tick: () => {},
  ...changed,
});
interface Found {
  readonly region: string;
  readonly photos: { readonly labelled: number; readonly missing: number };
  readonly editors: Record<string, { all: PhotoFigures; rows: Record<string, { all: PhotoFigures }> }>;
}

test("another editor that answers with the exported sources ties with doing nothing; the method edits beside it", async () => {
  const out = join(folder, "export");
  const { resolution } = model.manifest;
  await exportCases(out, openedPhotos(await selectPhotos(selection()), resolution), resolution);
  const ticks: string[] = [];
  const report = await photoBench(
    model,
    options({
      results: [join(out, "source")],
      perceptual: { lpips: meanDifference(folder, "lpips") },
      tick: (label) => ticks.push(label),
    }),
  );
  const { editors, photos: counted, region } = report.figures as Found;
  expect(Object.keys(editors)).toEqual(["source", "Flux-Sculptor"]);
  expect(editors.source?.all).toMatchObject({ n: 2, psnr_db: 100, ssim: 1, lpips: 0, attr_edit: null });
  expect(editors.source?.all).not.toHaveProperty("psnr_outside_located_db");
  const method = editors["Flux-Sculptor"];
  expect(method?.rows.do_nothing?.all).toMatchObject({ psnr_db: 100, lpips: 0 });
  expect(method?.all.lpips).toBeGreaterThan(0);
  expect(method?.all).toHaveProperty("psnr_outside_located_db");
  expect(method?.rows.autoencoder_only?.all.psnr_db).toBeGreaterThan(method?.all.psnr_db as number);
  expect(region).toBe("located");
  expect(counted).toEqual({ labelled: 3, missing: 1 });
  expect(ticks).toHaveLength(4);
  expect(report.rows.map(([name]) => name)).toEqual([
    "do nothing",
    "autoencoder only",
    "source",
    "Flux-Sculptor",
  ]);
  expect(report.notes.join("\n")).toContain("1 of 3 labelled photos are not in the folder");
  expect(report.sheet?.rows).toHaveLength(1);
});

test("with a parser's masks of half the photos' size the region's keys stand, and nothing is outside of all", async () => {
  const out = join(folder, "export");
  const report = await photoBench(model, options({ masks, results: [join(out, "source")], edit: false }));
  const { region, editors } = report.figures as Found;
  expect(region).toBe("parser");
  expect(editors.source?.all).toHaveProperty("psnr_outside_db", Number.NaN);
});

test("what is missing is said in one line before the first edit", async () => {
  const refused = (changed: Partial<PhotoBenchOptions>) =>
    expect(photoBench(model, options(changed))).rejects;
  await refused({ photos: join(folder, "none") }).toThrow("is not a folder of photos");
  await refused({ masks: join(folder, "none") }).toThrow("2 of 2 masks are missing, the first is");
  await refused({ results: [join(folder, "none")] }).toThrow(
    "2 of 2 pictures are missing, the first is Smiling/0",
  );
  await refused({ edit: false }).toThrow("there is nothing to judge");
  await refused({ perAttribute: 3 }).toThrow(
    "Smiling: only 2 photos from number 1 on can take it, 3 are wanted",
  );
  const marks = join(folder, "marks.csv");
  const points = ["lefteye", "righteye", "nose", "leftmouth", "rightmouth"].flatMap((p) => [
    `${p}_x`,
    `${p}_y`,
  ]);
  writeFileSync(marks, `photo,${points.join(",")}\n0.jpg,1,2,3,4,5,6,7,8,9,10\n`);
  await refused({ landmarks: marks }).toThrow("1 of 2 edits have no landmarks, the first of 1.jpg");
});
