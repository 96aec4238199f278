// The cost of keeping V in half precision.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { PRESETS } from "../../../shared/presets.ts";
import { partFiles } from "../manifest/files.ts";
import { readManifest } from "../manifest/manifest.ts";
import { openModel } from "../model/model.ts";
import { openTransformer } from "../model/transformer.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import { editPortrait } from "./edit.ts";

test("V in half precision changes no byte of a picture by more than 1", async () => {
  const manifest = await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json"));
  const model = await openModel(manifest);
  const { config } = manifest.flux;
  const whole = await openTransformer(openWeights(...partFiles(manifest, manifest.flux)), config, {
    values: { blocks: manifest.defaults.value_blocks, source: "cache", kept: "float32" },
  });
  const bytes = await readFile(join(import.meta.dirname, "../../examples/portrait-01.png"));
  const edit = async (transformer: typeof model.transformer) => {
    const request = {
      photo: { bytes },
      prompt: "a person with a beard",
      sourcePrompt: "a person.",
      maskOptions: maskOptionsSchema.parse({}),
      schedule: PRESETS.fast,
      composite: "paste-back",
    } as const;
    return (await editPortrait({ ...model, transformer }, request)).decoded;
  };
  const [half, full] = [await edit(model.transformer), await edit(async () => whole)];
  const moved = half.map((value, i) => Math.abs(value - (full[i] as number)));
  expect(Math.max(...moved)).toBe(1);
  await whole.release();
  await model.release();
});
