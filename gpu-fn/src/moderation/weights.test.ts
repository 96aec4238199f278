import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WeightsError } from "../errors.ts";
import { realWeights } from "./weights.fixture.ts";
import { fetchModeration, missingWeights, moderationFile, requireWeights } from "./weights.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flux-moderation-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("the fetched files are complete, and are the measured ones", async () => {
  expect(await missingWeights(await realWeights(), { hashes: true })).toEqual([]);
});

test("a missing or altered file is named in one line that says what to do", async () => {
  const missing = await missingWeights(folder);
  expect(missing).toHaveLength(5);
  await expect(requireWeights(folder)).rejects.toThrow(
    /^moderation is on and \S+ is not in .*: run "npm run weights -- moderation", or turn policies off with MODERATION_OFF$/,
  );

  const file = moderationFile(folder, "pieces");
  await mkdir(dirname(file), { recursive: true });
  await copyFile(moderationFile(await realWeights(), "pieces"), file);
  expect(await missingWeights(folder, { hashes: true })).toHaveLength(4);
  await writeFile(file, Buffer.alloc(2_527_207));
  expect(await missingWeights(folder)).toHaveLength(4);
  expect(await missingWeights(folder, { hashes: true })).toHaveLength(5);
});

test("without Python to fetch with, one line says so and nothing is left behind", async () => {
  vi.stubEnv("PATH", folder);
  const target = join(folder, "weights");
  await expect(fetchModeration(target, () => {})).rejects.toThrow(WeightsError);
  await expect(fetchModeration(target, () => {})).rejects.toThrow(/python3 -m pip: .*ENOENT.*MODERATION_OFF/);
  expect(await missingWeights(target)).toHaveLength(5);
});
