import fc from "fast-check";
import { expect, test } from "vitest";
import { binaryCrossEntropy, diceLoss } from "./pasl.ts";

test("a sure and right mask costs nothing, a sure and wrong one its logit and the whole Dice", () => {
  const truth = Float32Array.of(1, 0);
  expect(binaryCrossEntropy(Float32Array.of(200, -200), truth)).toBeCloseTo(0);
  expect(binaryCrossEntropy(Float32Array.of(-200, 200), truth)).toBeCloseTo(200);
  expect(diceLoss(truth, truth)).toBe(0);
  expect(diceLoss(Float32Array.of(0, 1), truth)).toBe(1);
});

test("two empty masks agree", () => {
  expect(diceLoss(new Float32Array(4), new Float32Array(4))).toBe(0);
});

test("property: both losses are finite and Dice is in 0..1", () => {
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
