import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError, WeightsError } from "../errors.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { cpuExecution } from "./model.ts";
import { openParts, type Parts } from "./parts.ts";
import { openPartsThread } from "./parts-thread.ts";

const GRID = { rows: 16, columns: 16 };
let manifest: Manifest;
let here: Parts;
let there: Parts;

beforeAll(async () => {
  manifest = await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json"));
  const execution = cpuExecution(manifest);
  [here, there] = await Promise.all([
    openParts(manifest, execution),
    openPartsThread(manifest, execution, {}),
  ]);
});
afterAll(() => Promise.all([here.release(), there.release()]));

const picture = Float32Array.from({ length: 3 * 128 * 128 }, (_, i) => Math.sin(i / 97));

test("another thread gives the same results, bit for bit", async () => {
  for (const ask of [
    (parts: Parts) => parts.condition("a person with a beard"),
    (parts: Parts) => parts.encode(picture, GRID),
    async (parts: Parts) => parts.decode(await parts.encode(picture, GRID), GRID),
    (parts: Parts) => parts.locate(picture, ["glasses", "hair"]),
  ])
    expect(await ask(there)).toEqual(await ask(here));
});

test("simultaneous calls each get their own result, and this thread stays free", async () => {
  let beats = 0;
  const pulse = setInterval(() => {
    beats += 1;
  }, 1);
  const latent = await there.encode(picture, GRID);
  const beatsBefore = beats;
  const [first, words, second] = await Promise.all([
    there.decode(latent, GRID),
    there.condition("a person wearing glasses"),
    there.decode(
      latent.map((value) => -value),
      GRID,
    ),
  ]);
  clearInterval(pulse);
  expect(beats).toBeGreaterThan(beatsBefore);
  expect(words).toEqual(await here.condition("a person wearing glasses"));
  expect(first).toEqual(await here.decode(latent, GRID));
  expect(second).toEqual(
    await here.decode(
      latent.map((value) => -value),
      GRID,
    ),
  );
});

test("errors keep their class and code, and the thread keeps working", async () => {
  const { pasl, ...blind } = manifest;
  const parts = await openPartsThread(blind, cpuExecution(manifest), {});
  const refused = parts.locate(picture, ["glasses"]);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toMatchObject({ code: "mask_required" });
  expect((await parts.encode(picture, GRID)).length).toBe(8 * 32 * 32);
  await parts.release();
  await expect(parts.encode(picture, GRID)).rejects.toThrow("has ended");
});

test("a folder without weights is refused, and the error names what is missing", async () => {
  const elsewhere = { ...manifest, folder: join(manifest.folder, "nothing") };
  const opening = openPartsThread(elsewhere, cpuExecution(manifest), {});
  await expect(opening).rejects.toThrow(WeightsError);
  await expect(opening).rejects.toThrow("safetensors");
});
