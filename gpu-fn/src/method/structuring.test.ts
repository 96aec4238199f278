import { expect, test } from "vitest";
import { fuseLatents, maskAs, sourceLatent } from "./structuring.ts";

const [edited, source] = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(9, 8, 7, 6, 5, 4)];

test("the source's line runs from the clean latent to the noise", () => {
  expect(sourceLatent(edited, source, 0)).toEqual(edited);
  expect(sourceLatent(edited, source, 1)).toEqual(source);
  expect(sourceLatent(edited, source, 0.25)).toEqual(Float32Array.of(3, 3.5, 4, 4.5, 5, 5.5));
});

test("each token's channels follow its own mask value, and exactly so at 0 and 1", () => {
  expect(fuseLatents(edited, source, Float32Array.of(1, 0, 0.5))).toEqual(Float32Array.of(1, 2, 7, 6, 5, 5));
});

test("soft masks stay unchanged, hard ones are thresholded above one half, none is 0", () => {
  const mask = Float32Array.of(0, 0.5, 0.51, 1);
  expect(maskAs("soft", mask)).toBe(mask);
  expect(maskAs("hard", mask)).toEqual(Float32Array.of(0, 0, 1, 1));
  expect(maskAs("none", mask)).toEqual(new Float32Array(4));
});
