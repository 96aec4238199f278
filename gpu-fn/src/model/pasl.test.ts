import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openWeights } from "../safetensors/safetensors.ts";
import { encode } from "../weights/scaled-model.fixture.ts";
import { binaryCrossEntropy, diceLoss, openPasl } from "./pasl.ts";

test("a sure and right mask has no loss; a sure and wrong one costs its logit and a Dice loss of 1", () => {
  const truth = Float32Array.of(1, 0);
  expect(binaryCrossEntropy(Float32Array.of(200, -200), truth)).toBeCloseTo(0);
  expect(binaryCrossEntropy(Float32Array.of(-200, 200), truth)).toBeCloseTo(200);
  expect(diceLoss(truth, truth)).toBe(0);
  expect(diceLoss(Float32Array.of(0, 1), truth)).toBe(1);
});

test("two empty masks have no Dice loss", () => {
  expect(diceLoss(new Float32Array(4), new Float32Array(4))).toBe(0);
});

test("property: both losses are finite, and Dice is in 0..1", () => {
  const pixel = fc.record({
    logit: fc.float({ min: -1000, max: 1000, noNaN: true }),
    truth: fc.constantFrom(0, 1),
  });
  fc.assert(
    fc.property(fc.array(pixel, { minLength: 1, maxLength: 30 }), (pixels) => {
      const logits = Float32Array.from(pixels, ({ logit }) => logit);
      const truth = Float32Array.from(pixels, ({ truth }) => truth);
      expect(binaryCrossEntropy(logits, truth)).toBeGreaterThanOrEqual(0);
      const dice = diceLoss(
        logits.map((logit) => 1 / (1 + Math.exp(-logit))),
        truth,
      );
      expect(dice).toBeGreaterThanOrEqual(-1e-9);
      expect(dice).toBeLessThanOrEqual(1);
    }),
  );
});

test.each([
  [undefined, 6],
  [[1, 1, 1, 1, 2, 4], 10],
  [[1, 1, 1, 1, 4, 8], 16],
])("with dilations %j a cell sees %i cells to each side", async (dilations, reach) => {
  const [side, middle] = [41, 20];
  const config = {
    ...{ channels: [4, 4, 4, 4, 4, 4], strides: [1, 1, 1, 1, 1, 1], text_dim: 2, text_hidden: 2 },
    ...(dilations && { dilations }),
  };
  const layers = config.channels.flatMap((to, i) => [
    [`encoder.conv${i + 1}.weight`, [to, i === 0 ? 3 : 4, 3, 3]] as const,
    [`encoder.conv${i + 1}.bias`, [to]] as const,
  ]);
  const projector = [1, 2].flatMap((layer) => [
    [`projector.linear${layer}.weight`, [layer === 1 ? 2 : 4, 2]] as const,
    [`projector.linear${layer}.bias`, [layer === 1 ? 2 : 4]] as const,
  ]);
  const folder = mkdtempSync(join(tmpdir(), "flux-pasl-"));
  const file = join(folder, "pasl.safetensors");
  writeFileSync(file, encode(new Map<string, readonly number[]>([...layers, ...projector])));
  const pasl = await openPasl(openWeights(file), config);
  const features = (value: number) => {
    const image = new Float32Array(3 * side * side);
    image[middle * side + middle] = value;
    return pasl.imageFeatures(image, side, side);
  };
  const [before, after] = [await features(0), await features(100)];
  await pasl.release();
  rmSync(folder, { recursive: true });
  expect([after.height, after.width]).toEqual([side, side]);
  const changed = [...after.data.keys()]
    .filter((i) => after.data[i] !== before.data[i])
    .map((i) => (i % side) - middle);
  expect([Math.min(...changed), Math.max(...changed)]).toEqual([-reach, reach]);
});
