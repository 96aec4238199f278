/** What an edit needs of a device's memory and of the machine's, and which way of running fits both. */
import type { ComputeType } from "../graph/builder.ts";
import type { Manifest } from "../manifest/manifest.ts";
import {
  activationBytes,
  attentionBytes,
  decoderBytes,
  imageTokens,
  valueBytes,
  type WeightSizes,
  weightSizes,
} from "./sizes.ts";

export const GIB = 2 ** 30;

/** The driver's context and the libraries' workspaces on a GPU. An allowance, not a measurement. */
const RESERVED = 0.75 * GIB;

/** One way to run a model. */
export interface ExecutionPlan {
  readonly device: "cpu" | "cuda";
  readonly compute: ComputeType;
  /** The large layers in eight bits. */
  readonly int8: boolean;
  readonly path: "cache" | "paired";
  /** m. */
  readonly blocks: number;
}

/** The picture, and how many evaluations of the source are kept. */
export interface Job {
  readonly height: number;
  readonly width: number;
  /** Evaluations of the inversion whose V the edit takes: 2 (N − T) for the paper's. */
  readonly recorded: number;
  /** Share of the image inside a hard mask, 0…1, whose V is not kept. Default 0: all rows are, as the engine does. */
  readonly coverage?: number;
}

/** In bytes. Everything but `valueCache` lies on the device; that is always in the machine's memory. */
export interface MemoryUse {
  readonly weights: WeightSizes;
  readonly activations: number;
  readonly attention: number;
  /** V that goes in and out of one evaluation. */
  readonly values: number;
  readonly decoder: number;
  readonly reserved: number;
  readonly valueCache: number;
}

export function memoryUse(manifest: Manifest, execution: ExecutionPlan, job: Job): MemoryUse {
  const tokens = imageTokens(manifest, job.height, job.width);
  const evaluated = {
    compute: execution.compute,
    batch: execution.path === "paired" ? 2 : 1,
    imageTokens: tokens,
    textTokens: manifest.t5.length,
  };
  const values = valueBytes(manifest, execution.blocks, tokens);
  const cached = execution.path === "cache";
  return {
    weights: weightSizes(manifest, execution.compute, execution.int8),
    activations: activationBytes(manifest, evaluated),
    attention: attentionBytes(manifest, evaluated),
    values: cached ? 2 * values : 0,
    decoder: decoderBytes(manifest, job.height, job.width),
    reserved: execution.device === "cuda" ? RESERVED : 0,
    valueCache: cached ? Math.round(values * job.recorded * (1 - (job.coverage ?? 0))) : 0,
  };
}

/** What lies on the device. */
export function deviceBytes({ weights, valueCache, ...others }: MemoryUse): number {
  const sum = (parts: object) =>
    Object.values(parts).reduce((total: number, part: number) => total + part, 0);
  return sum(weights) + sum(others);
}

/** Memory in bytes: of the GPU, or the machine's own on the processor; and of the machine. */
export interface Memory {
  readonly device: number;
  readonly host: number;
}

/** Whether both fit. On the processor they are one memory. */
export function fits(use: MemoryUse, memory: Memory, device: ExecutionPlan["device"]): boolean {
  if (device === "cpu") return deviceBytes(use) + use.valueCache <= memory.host;
  return deviceBytes(use) <= memory.device && use.valueCache <= memory.host;
}

export interface Chosen {
  readonly execution: ExecutionPlan;
  readonly use: MemoryUse;
}

export interface ChoiceOptions {
  readonly device: ExecutionPlan["device"];
  /** Whether files with eight-bit weights are there. */
  readonly int8: boolean;
}

/**
 * The first way that fits, of: the manifest's for this device; the other path of V; the same with eight-bit weights;
 * V of fewer blocks. Undefined where none does.
 */
export function chooseExecution(
  manifest: Manifest,
  memory: Memory,
  job: Job,
  { device, int8 }: ChoiceOptions,
): Chosen | undefined {
  return executionsOf(manifest, device, int8)
    .map((execution) => ({ execution, use: memoryUse(manifest, execution, job) }))
    .find(({ use }) => fits(use, memory, device));
}

function executionsOf(manifest: Manifest, device: ExecutionPlan["device"], int8: boolean): ExecutionPlan[] {
  const { compute, value_path: preferred } = manifest.devices[device];
  const { value_blocks: most } = manifest.defaults;
  const paths = preferred === "cache" ? (["cache", "paired"] as const) : (["paired", "cache"] as const);
  const stored = int8 ? [false, true] : [false];
  const whole = stored.flatMap((packed) =>
    paths.map((path): ExecutionPlan => ({ device, compute, int8: packed, path, blocks: most })),
  );
  const fewer = Array.from({ length: Math.max(most - 1, 0) }, (_, index) => most - 1 - index);
  const reduced = stored.flatMap((packed) =>
    fewer.map((blocks): ExecutionPlan => ({ device, compute, int8: packed, path: "cache", blocks })),
  );
  return [...whole, ...reduced];
}
