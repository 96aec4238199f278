// One real edit with the embedded model, by the command a user types.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

const CLI = join(import.meta.dirname, "edit.ts");
const EXAMPLE = join(import.meta.dirname, "../../examples/portrait-01.png");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flux-sculptor-edit-"));
});
afterAll(() => rm(folder, { recursive: true }));

function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn("node", [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (chunk) => {
        output[name] += chunk;
      });
    child.on("close", (code) => resolve({ code, ...output }));
  });
}

test("a turned, oblong photo comes back at its own size, changed inside the mask alone", async () => {
  const photo = join(folder, "photo.jpg");
  const upright = await sharp(EXAMPLE).resize(300, 400).toBuffer();
  await sharp(upright).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toFile(photo);
  const [out, mask, grid] = ["out.png", "mask.png", "grid.png"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const args = ["--source", "a woman.", "--out", out, "--mask-out", mask, "--grid", grid];
  const ended = await run(photo, "a woman wearing glasses", ...args);
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

test("--help shows examples and ends with 0", async () => {
  const { code, stdout } = await run("--help");
  expect(code).toBe(0);
  expect(stdout).toContain("Examples:");
});
