import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../../gpu-fn/src/engine/engine.ts";
import { int8Files, partFiles } from "../../gpu-fn/src/manifest/files.ts";
import { type Manifest, readManifest } from "../../gpu-fn/src/manifest/manifest.ts";
import { readFloats } from "../../gpu-fn/src/safetensors/floats.ts";
import { openWeights } from "../../gpu-fn/src/safetensors/safetensors.ts";
import { writeScaledManifest } from "../../gpu-fn/src/weights/scaled-model.fixture.ts";
import { scheduleSchema } from "../../shared/schedule.ts";
import { requestOf } from "./drawn-edit.ts";
import { randomModel } from "./random-model.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-random-"));
let path: string;
let manifest: Manifest;

beforeAll(async () => {
  const like = await writeScaledManifest(join(folder, "like"));
  path = await randomModel(join(like.folder, "manifest.json"), join(folder, "made"), {
    int8: true,
    blocks: 2,
  });
  manifest = await readManifest(path);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("has the requested number of blocks, and otherwise equals the imitated model", () => {
  const { flux, t5, defaults, resolution } = manifest;
  expect(flux.config).toMatchObject({ depth: 2, depth_single_blocks: 2, hidden_size: 64 });
  expect([t5.config.num_layers, defaults.value_blocks, resolution]).toEqual([2, 2, 64]);
});

test("stores a large layer only in eight bits, and the tensors around it with suitable values", () => {
  const weights = openWeights(...partFiles(manifest, manifest.flux));
  const packed = openWeights(int8Files(manifest).flux);
  const floats = (name: string) => readFloats(weights.get(name), 0, 64);
  const layer = "double_blocks.0.img_attn.proj.weight";
  expect(packed.has(`${layer}.int8`)).toBe(true);
  expect(floats(layer).every((value) => value === 0)).toBe(true);
  expect(floats("double_blocks.0.img_attn.proj.bias").every((value) => value !== 0)).toBe(true);
  const gain = "double_blocks.0.img_attn.norm.query_norm.scale";
  expect([...readFloats(weights.get(gain), 0, 16)]).toEqual(Array(16).fill(2));
});

test("works in the engine", async () => {
  const engine = await openEngine(path, { threads: 1 });
  const schedule = scheduleSchema.parse({ steps: 1, structuring_steps: 0, solver: "euler" });
  const { edited, evaluations } = await engine.edit(
    await requestOf({ width: 64, height: 64, box: 32, schedule }),
  );
  await engine.close();
  expect(edited).toMatchObject({ width: 64, height: 64 });
  expect(new Set(edited.rgb).size).toBeGreaterThan(1);
  expect(evaluations).toBe(2);
});
