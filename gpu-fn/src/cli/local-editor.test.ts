import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { InputError, WeightsError } from "../errors.ts";
import { openLocal } from "./local-editor.ts";

const FLUX = join(import.meta.dirname, "../../models/flux-dev/manifest.json");

afterEach(() => vi.unstubAllEnvs());

test("the command line computes on the device named by DEVICE, and reports if it cannot", async () => {
  vi.stubEnv("DEVICE", "cuda");
  const opening = openLocal();
  await expect(opening).rejects.toThrow(WeightsError);
  await expect(opening).rejects.toThrow(/^DEVICE=cuda, but onnxruntime's CUDA provider is not installed/);
});

test("a combination of variables that fits no device is refused", async () => {
  vi.stubEnv("DEVICE", "cuda");
  vi.stubEnv("ARITHMETIC", "int8");
  await expect(openLocal()).rejects.toThrow(InputError);
});

test("eight-bit arithmetic is refused for a transformer that no graph holds, before a file is read", async () => {
  vi.stubEnv("ARITHMETIC", "int8");
  await expect(openLocal(FLUX)).rejects.toThrow(/^ARITHMETIC=int8 holds the transformer in its graph/);
});

test("half precision is no arithmetic of the processor", async () => {
  vi.stubEnv("ARITHMETIC", "float16");
  await expect(openLocal()).rejects.toThrow(/^ARITHMETIC: Invalid option/);
});
