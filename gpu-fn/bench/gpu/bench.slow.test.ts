import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Manifest, readManifest } from "../../src/manifest/manifest.ts";
import { openWeights } from "../../src/safetensors/safetensors.ts";
import { evaluationFlops, paperSchedule } from "./arithmetic.ts";
import { utilisation } from "./evaluation-table.ts";
import { scaled, writeRandomTransformer } from "./random-model.ts";

const root = mkdtempSync(join(tmpdir(), "flux-bench-test-"));
let dev: Manifest;
beforeAll(async () => {
  dev = await readManifest(join(import.meta.dirname, "../../models/flux-dev/manifest.json"));
});
afterAll(() => rmSync(root, { recursive: true }));

// FLUX.1-dev with 512 tokens of text: 19.83 + 1.65 and 59.49 + 14.87 TFLOP; 120 evaluations are 8.92 PFLOP at 1024².
test.each([
  [1024, 21.48],
  [4096, 74.36],
])("an evaluation of %i image tokens is %f TFLOP", (tokens, tera) => {
  const flops = evaluationFlops(dev.flux.config, tokens, 512);
  expect(flops / 1e12).toBeCloseTo(tera, 2);
  if (tokens === 4096) {
    expect((120 * flops) / 1e15).toBeCloseTo(8.923, 3);
    expect(utilisation(flops, 125, 989e12)).toBeCloseTo(0.6, 2);
  }
});

test("the paper's schedule is 120 evaluations, or 66 and 54 pairs", () => {
  expect(paperSchedule({ plain: 1, recorded: 1, injected: 1, paired: 2 })).toEqual({
    cache: 120,
    paired: 174,
  });
  expect(paperSchedule({ plain: 0, recorded: 1, injected: 0, paired: 1 })).toEqual({ cache: 54, paired: 54 });
});

test("random weights have every tensor, the magnitude of trained ones, and both signs", async () => {
  const path = join(root, "flux.safetensors");
  const manifest = scaled(dev, "tiny");
  const bytes = await writeRandomTransformer(manifest, path);
  expect(readFileSync(path)).toHaveLength(bytes);
  const weights = openWeights(path);
  const entry = weights.get("single_blocks.3.linear1.weight");
  expect(entry.shape).toEqual([7 * 192, 192]);
  const words = new Uint16Array(readFileSync(path).buffer.slice(entry.offset, entry.offset + entry.length));
  const floats = new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer);
  for (const value of floats.subarray(0, 1000)) {
    expect(Math.abs(value)).toBeGreaterThanOrEqual(2 ** -7);
    expect(Math.abs(value)).toBeLessThan(2 ** -6);
  }
  const negative = floats.filter((value) => value < 0).length / floats.length;
  expect(negative).toBeGreaterThan(0.45);
  expect(negative).toBeLessThan(0.55);
});

function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe("the command", () => {
  test("reports in one line that CUDA is missing, and what to do instead", async () => {
    const { code, stderr, stdout } = await bench("--folder", root);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(
      /^error: CUDA is not available: [^\n]+use --device cpu --scale tiny for a small run[^\n]*\n$/,
    );
  });

  test("runs completely on the processor with a small model, and leaves no files", async () => {
    const out = join(root, "figures.json");
    const small = [
      "--device",
      "cpu",
      "--scale",
      "tiny",
      "--sizes",
      "64,128",
      "--rounds",
      "1",
      "--no-torch",
      "--int8",
    ];
    const { code, stdout } = await bench(...small, "--peak", "1", "--folder", root, "--out", out);
    expect(code).toBe(0);
    for (const line of ["V recorded", "V injected", "a pair of evaluations", "session open", "peak memory"])
      expect(stdout).toContain(line);
    const { sizes, opened, memory } = JSON.parse(readFileSync(out, "utf8"));
    expect(sizes).toHaveLength(2);
    for (const { ms, flops, int8Ms } of sizes) {
      expect(int8Ms).toBeGreaterThan(0);
      for (const value of Object.values(ms)) expect(value).toBeGreaterThan(0);
      expect(flops).toBeGreaterThan(1e9);
    }
    expect(Math.min(opened.cache, opened.paired, memory)).toBeGreaterThan(0);
    expect(readdirSync(root).filter((name) => name.startsWith("flux-bench-"))).toEqual([]);
  });

  test("refuses a side that the model cannot take", async () => {
    expect(await bench("--device", "cpu", "--sizes", "500")).toMatchObject({
      code: 2,
      stderr: "error: a side must be a multiple of 16: 500\n",
    });
  });
});
