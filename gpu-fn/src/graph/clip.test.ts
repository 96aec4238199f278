import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openClip } from "../model/clip.ts";
import { type TensorBytes, writeTensors } from "../safetensors/safetensors.fixture.ts";
import { openWeights, type Weights } from "../safetensors/safetensors.ts";

const folder = fileURLToPath(new URL("../../parity/cases/clip_text", import.meta.url));
const config = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
const weights = openWeights(`${folder}/weights.safetensors`);
const IDS = [[1, 7, 3, 39, 39, 39]];

/** All tensors except those whose name starts with the projection's. */
function towerOf(from: Weights, more: Record<string, TensorBytes>): Weights {
  const tensors: Record<string, TensorBytes> = {};
  for (const name of from.names()) {
    if (name.startsWith("text_projection")) continue;
    const { data, shape } = from.read(name);
    tensors[name] = { dtype: "F32", shape, bytes: new Uint8Array(data.buffer) };
  }
  return openWeights(writeTensors({ ...tensors, ...more }));
}

async function features(from: Weights) {
  const clip = await openClip(from, config);
  const found = await clip.encode(IDS);
  await clip.release();
  return found;
}

test("OpenAI's projection is the transpose of Hugging Face's, under another name", async () => {
  const { data, shape } = weights.read("text_projection.weight");
  const [rows = 0, columns = 0] = shape;
  const turned = Float32Array.from(
    data,
    (_, index) => data[(index % rows) * columns + Math.floor(index / rows)] as number,
  );
  const own = { dtype: "F32", shape: [columns, rows], bytes: new Uint8Array(turned.buffer) };
  const truth = await features(weights);
  const found = await features(towerOf(weights, { text_projection: own }));
  found.textEmbeds?.forEach((value, index) => {
    expect(value).toBeCloseTo(truth.textEmbeds?.[index] ?? Number.NaN, 5);
  });
  expect(found.textEmbeds).toHaveLength(rows);
});

test("without a projection the pooled vector is the same, and there are no text embeddings", async () => {
  const found = await features(towerOf(weights, {}));
  expect(found.textEmbeds).toBeUndefined();
  expect(found.pooled).toEqual((await features(weights)).pooled);
});
