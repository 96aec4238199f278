import { expect, test } from "vitest";
import { FACE_SIDE, FACE_TEMPLATE } from "./face-crop.ts";
import { openPerceptual, perceptualMeans } from "./metrics.ts";
import { channelMeans, meanDifference, plain, redPixels, scratch } from "./tiny-onnx.fixture.ts";

const folder = scratch();
const lpips = meanDifference(folder, "lpips");
const face = channelMeans(folder, "w600k_r50", FACE_SIDE, "output");
const feature = channelMeans(folder, "fr_feature", FACE_SIDE, "output");
const prompts = { sourcePrompt: "a man.", targetPrompt: "a smiling man." };

test("LPIPS sees −1…1: 51 levels of 255 apart are 0.4 of 2", async () => {
  const metric = await openPerceptual({ lpips }, "centre");
  const found = await metric?.measure({
    picture: plain(40, [100, 100, 100]),
    source: plain(40, [151, 151, 151]),
    ...prompts,
  });
  expect(found?.lpips).toBeCloseTo(0.4, 5);
  expect(Object.keys(metric?.keys ?? {})).toEqual(["lpips"]);
  await metric?.release();
});

test("ArcFace subtracts 127.5 and divides by it, fr_feature takes (x − 127) / 128; each has its own key", async () => {
  const metric = await openPerceptual({ arcface: face, faceFeature: feature }, "centre");
  const [edited, source] = [
    [140, 120, 127],
    [130, 126, 120],
  ] as const;
  const found = await metric?.measure({
    picture: plain(128, edited),
    source: plain(128, source),
    ...prompts,
  });
  const cosine = (offset: number) => {
    const [a, b] = [edited, source].map((colour) => colour.map((value) => value - offset));
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
    const [x, y] = [a as number[], b as number[]];
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  };
  expect(found?.identity_arcface).toBeCloseTo(cosine(127.5), 4);
  expect(found?.identity_fr_feature).toBeCloseTo(cosine(127), 4);
  expect(Math.abs(cosine(127.5) - cosine(127))).toBeGreaterThan(1e-3);
  expect(metric?.keys.identity_fr_feature).toContain("not ArcFace");
  expect(metric?.keys.identity_arcface).toContain("no alignment");
  await metric?.release();
});

test("with landmarks the recogniser sees the aligned face, and says so; without them it refuses", async () => {
  const arcface = redPixels(folder, "red", FACE_SIDE);
  const metric = await openPerceptual({ arcface }, "five_points");
  expect(metric?.keys.identity_arcface).toContain("five landmarks");
  // Beside the template's window the two pictures differ: only an aligned face is the same in both.
  const half = (beside: number) =>
    Uint8Array.from({ length: 3 * 240 * 240 }, (_, i) => (Math.floor(i / 3) % 240 < 120 ? 255 : beside));
  const compared = { picture: half(10), source: half(250), ...prompts };
  const found = await metric?.measure({ ...compared, landmarks: FACE_TEMPLATE });
  expect(found?.identity_arcface).toBeCloseTo(1, 6);
  await expect(metric?.measure({ ...compared, source: half(9) })).rejects.toThrow("no landmarks");
  await metric?.release();
});

test("without files there is no metric; half a CLIP, a misnamed ArcFace and files that do not fit are refused", async () => {
  expect(await openPerceptual({}, "centre")).toBeUndefined();
  const refused = (files: object) => expect(openPerceptual(files, "centre")).rejects;
  await refused({ clipImage: face }).toThrow("belong together");
  await refused({ faceFeature: "models/ArcFace-r50.onnx" }).toThrow("give it as --arcface");
  await refused({ lpips: face }).toThrow("expected 2 inputs float32 [1,3,any,any]");
  await refused({ arcface: lpips }).toThrow("expected one input float32 [1,3,112,112]");
  await refused({ lpips: "nowhere.onnx" }).toThrow("nowhere.onnx");
});

test("means leave out what is not defined, and have the keys that were measured", () => {
  const measured = [
    { lpips: 0.2, clip_directional: Number.NaN },
    undefined,
    { lpips: 0.4, clip_directional: 1 },
  ];
  expect(perceptualMeans(measured).lpips).toBeCloseTo(0.3, 12);
  expect(perceptualMeans(measured).clip_directional).toBe(1);
  expect(perceptualMeans([undefined])).toEqual({});
});
