import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { channelMeans, plain, scratch } from "../perceptual/tiny-onnx.fixture.ts";
import { openClassifier } from "./classifier.ts";

const folder = scratch();
const file = channelMeans(folder, "attributes", 32, "logits");
const description = {
  input_size: 32,
  mean: [0.5, 0.4, 0.3],
  std: [0.5, 0.2, 0.1],
  names: ["Smiling", "Bangs", "Male"],
  output: "logits",
};
const describe = (changed: object) =>
  writeFileSync(`${folder}/attributes.json`, JSON.stringify({ ...description, ...changed }));

test("scores are the sigmoid of what the network makes of normalised values, by name", async () => {
  describe({});
  const { scores, release } = await openClassifier(file);
  const found = await scores(plain(100, [204, 51, 0]));
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  expect(found.Smiling).toBeCloseTo(sigmoid((0.8 - 0.5) / 0.5), 4);
  expect(found.Bangs).toBeCloseTo(sigmoid((0.2 - 0.4) / 0.2), 4);
  expect(found.Male).toBeCloseTo(sigmoid(-0.3 / 0.1), 4);
  await release();
});

test("probabilities are taken as they are", async () => {
  describe({ output: "probabilities", mean: [0, 0, 0], std: [1, 1, 1] });
  const { scores, release } = await openClassifier(file);
  expect((await scores(plain(32, [204, 51, 0]))).Smiling).toBeCloseTo(0.8, 4);
  await release();
});

test("a description that is missing, not whole or of another network is refused in one line", async () => {
  describe({ output: undefined });
  await expect(openClassifier(file)).rejects.toThrow("attributes.json: output: ");
  describe({ names: ["Smiling"] });
  const { scores, release } = await openClassifier(file);
  await expect(scores(plain(32, [0, 0, 0]))).rejects.toThrow("it gives 3 values, its description names 1");
  await release();
  describe({ input_size: 64 });
  await expect(openClassifier(file)).rejects.toThrow("expected one input float32 [1,3,64,64]");
  await expect(openClassifier(`${folder}/other.onnx`)).rejects.toThrow("other.json cannot be read");
});
