import { expect, test } from "vitest";
import { openEncoder } from "./encoder.ts";
import { realWeights } from "./weights.fixture.ts";

const embed = await openEncoder(await realWeights());

const cosine = (a: string, b: string) => {
  const [u, v] = [embed(a), embed(b)];
  return u.reduce((sum, value, i) => sum + value * (v[i] as number), 0);
};

/** First components and cosines computed by the Python package itself (version 0.2.1). */
test("vectors equal those of the package that the weights come from", () => {
  const vector = embed("a woman wearing glasses");
  expect(vector).toHaveLength(512);
  [0.03406, 0.0354, 0.03283, 0.00409].forEach((value, i) => {
    expect(vector[i]).toBeCloseTo(value, 4);
  });
  expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
  expect(cosine("a woman wearing glasses", "una mujer con gafas")).toBeCloseTo(0.8692, 3);
  expect(cosine("a woman wearing glasses", "a man with a beard")).toBeCloseTo(0.325, 3);
});

test("a sentence is closer to its translation than to another sentence", () => {
  for (const [english, other] of [
    ["a naked woman", "una mujer desnuda"],
    ["a little girl", "ein kleines Mädchen"],
    ["a man with a hat", "un homme avec un chapeau"],
  ] as const)
    expect(cosine(english, other), other).toBeGreaterThan(cosine(english, "a photo of a bridge") + 0.2);
});
