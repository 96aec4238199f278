import { z } from "zod";
import { DEVICES } from "../device/provider.ts";
import type { EngineOptions } from "./options.ts";

/** Variables of whoever opens an engine, a server or the command line. */
export const engineSettings = {
  /** Threads of one evaluation; default: one a core. */
  THREADS: z.coerce.number().int().min(1).optional(),
  /** Where the model computes. cuda needs onnxruntime's CUDA provider; without it nothing starts. */
  DEVICE: z.enum(DEVICES).default("cpu"),
  /** int8: eight-bit integers in the transformer's linear layers, faster on a processor. */
  ARITHMETIC: z.enum(["float32", "int8"]).default("float32"),
  /** The GPU's memory in GiB, if nvidia-smi is not there to say it or less of it is to be used. */
  GPU_MEMORY_GB: z.coerce.number().positive().optional(),
};

type EngineSettings = z.output<z.ZodObject<typeof engineSettings>>;

/** Why these settings do not go together, in a line; null if they do. */
export function contradiction({ DEVICE, ARITHMETIC }: Pick<EngineSettings, "DEVICE" | "ARITHMETIC">) {
  return DEVICE === "cuda" && ARITHMETIC === "int8"
    ? "ARITHMETIC=int8 is for the processor: take DEVICE=cpu, or float32"
    : null;
}

/** @param settings MODERATION_WEIGHTS: its sentence encoder also reads other languages */
export function engineOptions(settings: EngineSettings & { MODERATION_WEIGHTS: string }): EngineOptions {
  const { THREADS, DEVICE, ARITHMETIC, GPU_MEMORY_GB, MODERATION_WEIGHTS: encoder } = settings;
  return {
    device: DEVICE,
    int8Arithmetic: ARITHMETIC === "int8",
    encoder,
    ...(THREADS === undefined ? {} : { threads: THREADS }),
    ...(GPU_MEMORY_GB === undefined ? {} : { gpuGib: GPU_MEMORY_GB }),
  };
}
