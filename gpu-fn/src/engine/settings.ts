import { z } from "zod";
import { DEVICES } from "../device/provider.ts";
import type { EngineOptions } from "./options.ts";

/** Environment variables for opening an engine, used by the server and the command line. */
export const engineSettings = {
  /** Threads of one evaluation; default: one per core. */
  THREADS: z.coerce.number().int().min(1).optional(),
  /** The device that runs the model. cuda needs onnxruntime's CUDA provider; without it nothing starts. */
  DEVICE: z.enum(DEVICES).default("cpu"),
  /** int8: eight-bit integers in the transformer's linear layers, faster on a processor. */
  ARITHMETIC: z.enum(["float32", "int8"]).default("float32"),
  /** The GPU's memory in GiB, if nvidia-smi is not available or less memory should be used. */
  GPU_MEMORY_GB: z.coerce.number().positive().optional(),
};

type EngineSettings = z.output<z.ZodObject<typeof engineSettings>>;

/** Why these settings contradict each other, in one line; null if they do not. */
export function contradiction({ DEVICE, ARITHMETIC }: Pick<EngineSettings, "DEVICE" | "ARITHMETIC">) {
  return DEVICE === "cuda" && ARITHMETIC === "int8"
    ? "ARITHMETIC=int8 is for the processor: take DEVICE=cpu, or float32"
    : null;
}

/** @param settings the sentence encoder in MODERATION_WEIGHTS is also used to read other languages */
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
