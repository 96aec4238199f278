import { expect, test } from "vitest";
import { locator } from "./locator.ts";

const release = async () => {};

/** A text tower and a PASL that reveal their inputs: the mask is the picture's first channel. */
function parts(textEmbeds: Float32Array | undefined) {
  const seen: { image: Float32Array; side: number }[] = [];
  const clip = {
    encode: async (ids: readonly (readonly number[])[]) => {
      const none = new Float32Array();
      return { lastHidden: none, pooled: none, textEmbeds: ids[0]?.[0] === 1 ? textEmbeds : none };
    },
    config: {} as never,
    release,
  };
  const pasl = {
    imageFeatures: async (image: Float32Array, height: number, width: number) => {
      seen.push({ image, side: height });
      return { data: image, height, width };
    },
    locate: async ({ data, height, width }: { data: Float32Array; height: number; width: number }) => {
      const masks = data.slice(0, height * width);
      return { textFeatures: new Float32Array(), logits: masks, masks };
    },
    release,
  };
  return { seen, clip, pasl, tokenize: () => [1] };
}

test("between PASL's cells a mask interpolates the logits, so a thin region keeps its strength", async () => {
  const { seen, ...rest } = parts(new Float32Array(3));
  const picture = new Float32Array(48).fill(-6);
  picture[5] = 6;
  const { masks } = await locator({ ...rest, size: 4 })(picture, ["pupils"]);
  const { data = new Float32Array(), width = 0 } = masks[0] ?? {};
  const strong = data.reduce((count, value) => count + Number(value > 0.5), 0);
  expect(width).toBe(16);
  expect(data[5 * 16 + 5]).toBeGreaterThan(0.8);
  expect([strong > 4, strong < 30]).toEqual([true, true]);
  expect(seen).toHaveLength(1);
});

/** A picture [1, 3, 4, 4] whose first channel counts, and whose others are constant. */
const PICTURE = Float32Array.from({ length: 48 }, (_, index) => (index < 16 ? index : index < 32 ? 0.5 : -1));

test("PASL sees the picture at PASL's own size, with each pixel the mean of those it covers", async () => {
  const { seen, ...rest } = parts(new Float32Array(3));
  const { masks } = await locator({ ...rest, size: 2 })(PICTURE, ["glasses"]);
  const [mask] = masks;
  expect([mask?.width, mask?.height]).toEqual([8, 8]);
  // σ of the cells' logits in the corners, and of interpolated logits in between
  const corners = [0, 7, 56, 63].map((cell) => Math.log(1 / ((mask?.data[cell] as number) ** -1 - 1)));
  for (const [i, logit] of [2.5, 4.5, 10.5, 12.5].entries()) expect(corners[i]).toBeCloseTo(logit, 1);
  expect([...(seen[0]?.image.slice(4) ?? [])]).toEqual([0.5, 0.5, 0.5, 0.5, -1, -1, -1, -1]);
});

test("a picture of PASL's size is passed unchanged, once for all present and later prompts", async () => {
  const { seen, ...rest } = parts(new Float32Array(3));
  const locate = locator({ ...rest, size: 4 });
  const { features, masks } = await locate(PICTURE, ["glasses", "hat"]);
  expect(masks).toHaveLength(2);
  expect(seen).toEqual([{ image: PICTURE, side: 4 }]);
  expect(await locate(features, ["glasses", "hat"])).toEqual({ features, masks });
  expect(seen).toHaveLength(1);
});

test("a tower without a projection locates nothing, and the error says what to do", async () => {
  const { seen, ...rest } = parts(undefined);
  const locating = locator({ ...rest, size: 4 })(PICTURE, ["glasses"]);
  await expect(locating).rejects.toMatchObject({ name: "InputError", code: "mask_required" });
  await expect(locating).rejects.toThrow("send a mask");
  expect(seen).toHaveLength(1);
});
