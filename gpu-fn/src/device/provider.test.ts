import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { openEngine } from "../engine/engine.ts";
import { WeightsError } from "../errors.ts";
import { checkCudaLibraries, keepFloat32, runtimeFolder } from "./provider.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

afterEach(() => vi.unstubAllEnvs());

test("the runtime's folder is the one with its libraries", () => {
  expect(runtimeFolder()).toMatch(/onnxruntime-node\/bin\/napi-v\d+\/\w+\/\w+$/);
});

test("a missing provider is named, and an installed one is accepted", () => {
  const folder = mkdtempSync(join(tmpdir(), "flux-provider-"));
  expect(() => checkCudaLibraries(folder)).toThrow(WeightsError);
  writeFileSync(join(folder, "libonnxruntime_providers_shared.so"), "");
  expect(() => checkCudaLibraries(folder)).toThrow(
    `DEVICE=cuda, but onnxruntime's CUDA provider is not installed: libonnxruntime_providers_cuda.so missing in ${folder}`,
  );
  writeFileSync(join(folder, "libonnxruntime_providers_cuda.so"), "");
  expect(() => checkCudaLibraries(folder)).not.toThrow();
  rmSync(folder, { recursive: true });
});

test("an engine does not start if it cannot use the requested GPU", async () => {
  const opening = openEngine(MINI, { device: "cuda", gpuGib: 80 });
  await expect(opening).rejects.toThrow(WeightsError);
  await expect(opening).rejects.toThrow(/CUDA/);
});

test("on a GPU float32 is float32 on every host, unless somebody says otherwise", async () => {
  vi.stubEnv("NVIDIA_TF32_OVERRIDE", undefined);
  await openEngine(MINI, { device: "cuda", gpuGib: 80 }).catch(() => {});
  expect(process.env.NVIDIA_TF32_OVERRIDE).toBe("0");
  const chosen = { NVIDIA_TF32_OVERRIDE: "1" };
  keepFloat32(chosen);
  expect(chosen).toEqual({ NVIDIA_TF32_OVERRIDE: "1" });
});

test("a server exits at once with one line if it cannot use the requested GPU", async () => {
  const { PATH = "" } = process.env;
  const env = { PATH, PORT: "0", GPU_SECRET: "s".repeat(32), DEVICE: "cuda" };
  const ended = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, "../server/main.ts")],
      { env },
      (error, _, stderr) => resolve({ code: error?.code, stderr }),
    );
  });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(
    /^error: DEVICE=cuda, but onnxruntime's CUDA provider is not installed: [^\n]+\n$/,
  );
});
