// Real edits with the embedded model, through the command a user types.
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runEdit } from "./command.fixture.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/portrait-01.png");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flux-sculptor-edit-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a turned, oblong photo comes back at its own size, changed only inside the mask", async () => {
  const photo = join(folder, "photo.jpg");
  const upright = await sharp(EXAMPLE).resize(300, 400).toBuffer();
  await sharp(upright).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toFile(photo);
  const [out, mask, grid] = ["out.png", "mask.png", "grid.png"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const args = ["--source", "a woman.", "--out", out, "--mask-out", mask, "--grid", grid];
  const ended = await runEdit([photo, "a woman wearing glasses", ...args]);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toMatch(/120 evaluations/);

  const source = await sharp(photo)
    .autoOrient()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const edited = await sharp(out).raw().toBuffer({ resolveWithObject: true });
  expect((await sharp(mask).metadata()).channels).toBe(1);
  const grey = await sharp(mask).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  expect(edited.info).toMatchObject({ width: 300, height: 400, channels: 3 });
  expect(grey.info).toMatchObject({ width: 300, height: 400, channels: 1 });
  let kept = 0;
  let changed = 0;
  for (let i = 0; i < grey.data.length; i++)
    for (let c = 0; c < 3; c++) {
      const same = edited.data[3 * i + c] === source.data[3 * i + c];
      if (grey.data[i] === 0 && !same) expect.fail(`pixel ${i} changed outside the mask`);
      kept += Number(grey.data[i] === 0);
      changed += Number(!same);
    }
  expect(kept).toBeGreaterThan(90_000);
  expect(changed).toBeGreaterThan(3_000);
  const wide = await sharp(grid).metadata();
  expect([wide.width, wide.height]).toEqual([3 * 300 + 16, 400]);
  expect((await readdir(folder)).sort()).toEqual(["grid.png", "mask.png", "out.png", "photo.jpg"]);
  const { exif, icc } = await sharp(await readFile(out)).metadata();
  expect([exif, icc]).toEqual([undefined, undefined]);
});

test("a folder and a glob write to created folders; one bad photo is reported and does not stop the others", async () => {
  const photos = join(folder, "photos");
  await mkdir(photos);
  await copyFile(EXAMPLE, join(photos, "one.png"));
  await copyFile(EXAMPLE, join(photos, "one.edited.png"));
  await writeFile(join(photos, "two.png"), "no picture");
  // the content decides the format, not the name
  await writeFile(join(folder, "three.png"), await sharp(EXAMPLE).jpeg().toBuffer());
  const [out, masks, grids] = ["out", "masks", "grids"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const where = ["--out", out, "--mask-out", masks, "--grid", grids, "--format", "webp"];
  const pattern = join(folder, "th*.{png,jpg}");
  const ended = await runEdit([
    photos,
    pattern,
    "a woman wearing glasses",
    "--steps",
    "2",
    "--json",
    ...where,
  ]);

  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/^error: [^\n]*two\.png: the image cannot be decoded\n$/);
  const lines = ended.stdout.trimEnd().split("\n");
  const [one, two, three] = lines.map((line) => JSON.parse(line));
  expect(lines).toHaveLength(3);
  expect(one).toMatchObject({
    photo: join(photos, "one.png"),
    prompt: "a woman wearing glasses",
    status: "succeeded",
    out: join(out, "one.edited.webp"),
    mask_out: join(masks, "one.mask.png"),
    grid: join(grids, "one.grid.png"),
    width: 512,
    height: 512,
    evaluations: 8,
    edit_id: null,
    error: null,
  });
  expect(one.coverage).toBeGreaterThan(0.02);
  expect(one.coverage).toBeLessThan(0.3);
  expect(two).toMatchObject({ status: "failed", out: null, error: { code: "image_undecodable" } });
  expect(three).toMatchObject({ photo: join(folder, "three.png"), status: "succeeded" });
  expect((await readdir(out)).sort()).toEqual(["one.edited.webp", "three.edited.webp"]);
  expect((await sharp(await readFile(one.out)).metadata()).format).toBe("webp");
  expect((await readdir(masks)).sort()).toEqual(["one.mask.png", "three.mask.png"]);
  expect((await readdir(grids)).sort()).toEqual(["one.grid.png", "three.grid.png"]);
});

test("--also edits the same photo again from its inversion, into a numbered file", async () => {
  const [out, mask] = [join(folder, "several.png"), join(folder, "several-mask.png")];
  const also = ["--also", "a woman with a beard", "--preset", "fast", "--json"];
  const ended = await runEdit([
    EXAMPLE,
    "a woman wearing glasses",
    ...also,
    "--out",
    out,
    "--mask-out",
    mask,
  ]);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  const [first, second] = ended.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({ prompt: "a woman wearing glasses", out, mask_out: mask, evaluations: 12 });
  expect(second).toMatchObject({
    prompt: "a woman with a beard",
    out: join(folder, "several.2.png"),
    mask_out: join(folder, "several-mask.2.png"),
    evaluations: 6,
  });
  expect(await readFile(second.out)).not.toEqual(await readFile(first.out));
});

test("--help shows examples and exit codes, and ends with 0", async () => {
  const { code, stdout } = await runEdit(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("Examples:");
  expect(stdout).toMatch(/ 130 {2}cancelled/);
});
