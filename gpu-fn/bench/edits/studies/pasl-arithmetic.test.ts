import { join } from "node:path";
import { expect, test } from "vitest";
import { readManifest } from "../../../src/manifest/manifest.ts";
import { paslOf } from "../../../src/manifest/pasl-part.ts";
import { openWeights } from "../../../src/safetensors/safetensors.ts";
import { parametersOf } from "./declared-weights.ts";
import { fullWidthArithmetic, paslArithmetic, TABLE_6 } from "./pasl-arithmetic.ts";
import { spread } from "./pasl-cost.ts";

const { costs, convolved } = fullWidthArithmetic();

test("parameters of the full width are Table 6's: 6.27 M and 1.31 M", () => {
  // 3·64·9 + 64, 64·128·9 + 128, … (Table 4); 768·1024 + 1024 + 1024·512 + 512 (Table 5).
  expect(costs["image encoder"].parameters).toBe(6_270_592);
  expect(costs.projector.parameters).toBe(1_312_256);
  for (const part of ["image encoder", "projector"] as const)
    expect((costs[part].parameters / 1e6).toFixed(2)).toBe((TABLE_6[part].parameters / 1e6).toFixed(2));
});

test("the text tower is CLIP ViT-L/14's with its projection: 123,650,304 parameters", () => {
  // Embeddings 49408·768 + 77·768, 12 layers of 4·(768² + 768) + 768·3072·2 + 3072 + 768 + 4·768, a norm, 768².
  const layer = 4 * (768 ** 2 + 768) + 2 * 768 * 3072 + 3072 + 768 + 4 * 768;
  const tower = (49_408 + 77) * 768 + 12 * layer + 2 * 768 + 768 ** 2;
  expect(costs["text encoder"].parameters).toBe(tower);
  expect(tower).toBe(123_650_304);
});

test("FLOPs of the image encoder: 2 a MAC of six convolutions, and with 4 a value the paper's 68.694 G", () => {
  const macs = [512 ** 2 * 3 * 64, 256 ** 2 * 64 * 128, 128 ** 2 * 128 * 256, 64 ** 2 * 256 * 512];
  const deep = 2 * 64 ** 2 * 512 * 512;
  const sum = 9 * (macs.reduce((all, one) => all + one, 0) + deep);
  expect(costs["image encoder"].flops).toBe(2 * sum);
  expect(((2 * sum + 4 * convolved) / 1e9).toFixed(3)).toBe("68.694");
});

test("FLOPs of the projector, and of the comparison with 64² pixels in the complete PASL", () => {
  const projector = 2 * (768 * 1024 + 1024 * 512);
  expect(costs.projector.flops).toBe(projector);
  expect((projector / 1e9).toFixed(3)).toBe("0.003");
  const parts = costs["image encoder"].flops + costs["text encoder"].flops + projector;
  expect(costs["complete PASL"].flops - parts).toBe(2 * 512 * 64 ** 2);
});

test("FLOPs of the text tower: 77 ids through the linear layers, attention, one projected row", () => {
  const linear = 77 * 12 * (4 * 768 ** 2 + 2 * 768 * 3072);
  const attention = 12 * 2 * 77 ** 2 * 768;
  expect(costs["text encoder"].flops).toBe(2 * (linear + attention + 768 ** 2));
  // The paper's 4.360 G: its MLPs alone, one a MAC.
  expect(((77 * 12 * 2 * 768 * 3072) / 1e9).toFixed(3)).toBe("4.360");
});

test("the embedded model's parameters are all tensors of its two files", async () => {
  const manifest = await readManifest(join(import.meta.dirname, "../../../models/mini/manifest.json"));
  const { clip, folder, resolution } = manifest;
  const pasl = paslOf(manifest);
  const weights = {
    clip: openWeights(join(folder, clip.files[0] ?? "")),
    pasl: openWeights(join(folder, pasl.files[0] ?? "")),
  };
  const shape = { pasl: pasl.config, clip: clip.config, size: resolution, tokens: clip.length };
  const own = paslArithmetic(shape, weights);
  expect(own.costs["complete PASL"].parameters).toBe(parametersOf(weights.clip) + parametersOf(weights.pasl));
  expect(own.costs["image encoder"].flops).toBeLessThan(costs["image encoder"].flops);
});

test("the median and the quartiles of five and of two", () => {
  expect(spread([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
  expect(spread([1, 3])).toEqual({ median: 2, low: 1.5, high: 2.5 });
});
