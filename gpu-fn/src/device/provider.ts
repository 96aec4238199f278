/** Which devices the installed runtime supports. */
import { existsSync, globSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { WeightsError } from "../errors.ts";

export const DEVICES = ["cpu", "cuda"] as const;
export type Device = (typeof DEVICES)[number];

const CUDA_LIBRARIES = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

/** Folder of onnxruntime's shared libraries for this platform. */
export function runtimeFolder(): string {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
  const pattern = join(dirname(entry), "../bin/napi-v*", process.platform, process.arch);
  return globSync(pattern)[0] ?? pattern;
}

/**
 * @param folder where the libraries should be
 * @throws WeightsError, one line, if onnxruntime's CUDA provider is not installed, which the runtime itself would
 * report only in its own log
 */
export function checkCudaLibraries(folder = runtimeFolder()): void {
  const missing = CUDA_LIBRARIES.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0)
    throw new WeightsError(
      `DEVICE=cuda, but onnxruntime's CUDA provider is not installed: ${missing.join(" and ")} missing in ${folder}`,
    );
}

/**
 * CUDA's libraries round float32 products to TF32 unless this variable says no when they are loaded, and the runtime passes
 * none of the provider's own options on. Call it before threads start: each has a copy of the environment.
 */
export function keepFloat32(environment: NodeJS.ProcessEnv = process.env): void {
  environment.NVIDIA_TF32_OVERRIDE ??= "0";
}
