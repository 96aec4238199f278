/** Measures this machine's memory. */
import { execFileSync } from "node:child_process";
import { WeightsError } from "../errors.ts";
import { GIB, type Memory } from "./execution-plan.ts";
import type { Device } from "./provider.ts";

/** Share of the machine's free memory that an edit may use; the rest is for pictures, the runtime and the system. */
const HOST_SHARE = 0.9;

export interface MemoryLimits {
  /** Memory of the GPU in GiB; default: that of the first GPU, as reported by nvidia-smi. */
  readonly gpuGib?: number;
}

/** @throws WeightsError if a GPU is requested and its memory cannot be read */
export function memoryOf(device: Device, { gpuGib }: MemoryLimits = {}): Memory {
  const host = HOST_SHARE * process.availableMemory();
  if (device === "cpu") return { device: host, host };
  return { device: gpuGib === undefined ? gpuMemory() : gpuGib * GIB, host };
}

/** The first GPU's memory in bytes. */
export function gpuMemory(nvidiaSmi = "nvidia-smi"): number {
  try {
    const query = ["--query-gpu=memory.total", "--format=csv,noheader,nounits", "--id=0"];
    const mebibytes = Number(execFileSync(nvidiaSmi, query, { encoding: "utf8" }).trim());
    if (Number.isFinite(mebibytes) && mebibytes > 0) return mebibytes * 2 ** 20;
    throw new Error("it gives no number");
  } catch (cause) {
    throw new WeightsError(
      `the GPU's memory cannot be read: nvidia-smi: ${(cause as Error).message.split("\n")[0]}; or set GPU_MEMORY_GB`,
      { cause },
    );
  }
}
