/** How much memory an edit needs on the device and on the machine, and which execution plan fits both. */
import type { ComputeType } from "../graph/builder.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { imageTokens, type SessionBytes, type SessionName, sessionBytes, valueBytes } from "./sizes.ts";

export const GIB = 2 ** 30;

/** The driver's context and the libraries' workspaces on a GPU. An allowance, not a measurement. */
export const RESERVED = GIB;

/** One way to run a model. */
export interface ExecutionPlan {
  readonly device: "cpu" | "cuda";
  readonly compute: ComputeType;
  /** Whether the large layers are in eight bits. */
  readonly int8: boolean;
  /**
   * The parts around the transformer. `open`: all stay open. `in turns`: T5, encoder and decoder are opened when they are
   * called and closed for the next one, which costs seconds per edit.
   */
  readonly parts: "open" | "in turns";
  /** `background`: like `cache`, with a session that also takes a background's K and V, for edits that ask for it. */
  readonly path: "cache" | "paired" | "background";
  /** m. */
  readonly blocks: number;
}

/** The picture's size, and how many evaluations of the source are kept. */
export interface Job {
  readonly height: number;
  readonly width: number;
  /** Number of inversion evaluations whose V the edit takes: 2 (N − T) for the paper's schedule. */
  readonly recorded: number;
  /** Share of the image inside a hard mask, 0…1, whose V is not kept. Default 0: all rows are kept, as in the engine. */
  readonly coverage?: number;
}

/** Memory use in bytes. */
export interface MemoryUse {
  readonly sessions: Readonly<Record<SessionName, SessionBytes>>;
  /** Memory outside the sessions: the driver's. */
  readonly reserved: number;
  /** Peak on the device, `reserved` included. */
  readonly device: number;
  /** V of the source, in the machine's memory. */
  readonly valueCache: number;
}

export function memoryUse(manifest: Manifest, execution: ExecutionPlan, job: Job): MemoryUse {
  const { device, compute, int8, path, blocks } = execution;
  const { height, width } = job;
  const cached = path !== "paired";
  const batch = cached ? 1 : 2;
  const cachedBlocks = path === "background" ? path : cached ? blocks : 0;
  const work = { compute, int8, batch, cachedBlocks, height, width } as const;
  const sessions = sessionBytes(manifest, work);
  const reserved = device === "cuda" ? RESERVED : 0;
  const values = valueBytes(manifest, blocks, imageTokens(manifest, height, width));
  return {
    sessions,
    reserved,
    device: reserved + together(sessions, execution.parts),
    valueCache: cached ? Math.round(values * job.recorded * (1 - (job.coverage ?? 0))) : 0,
  };
}

/** Sessions of which only one is open at a time if the parts take turns. */
export const TURNS = ["t5", "encoder", "decoder"] as const satisfies readonly SessionName[];

function together(sessions: MemoryUse["sessions"], parts: ExecutionPlan["parts"]): number {
  const bytes = (names: readonly string[]) =>
    Object.entries(sessions).flatMap(([name, { weights, arena }]) =>
      names.includes(name) ? [weights + arena] : [],
    );
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const turns = bytes(TURNS);
  const others = sum(bytes(Object.keys(sessions))) - sum(turns);
  return others + (parts === "open" ? sum(turns) : Math.max(...turns));
}

/** Memory in bytes: of the GPU, or the machine's own on the processor; and of the machine. */
export interface Memory {
  readonly device: number;
  readonly host: number;
}

/** Whether both kinds of memory suffice. On the processor they are the same memory. */
export function fits(use: MemoryUse, memory: Memory, device: ExecutionPlan["device"]): boolean {
  if (device === "cpu") return use.device + use.valueCache <= memory.host;
  return use.device <= memory.device && use.valueCache <= memory.host;
}

export interface Chosen {
  readonly execution: ExecutionPlan;
  readonly use: MemoryUse;
}

export interface ChoiceOptions {
  readonly device: ExecutionPlan["device"];
  /** Whether the files with eight-bit weights exist. */
  readonly int8: boolean;
}

/** The first execution plan that fits; undefined if none does. */
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

/** Of all execution plans, the one that needs the least device memory. */
export function leastExecution(manifest: Manifest, job: Job, { device, int8 }: ChoiceOptions): Chosen {
  return executionsOf(manifest, device, int8)
    .map((execution) => ({ execution, use: memoryUse(manifest, execution, job) }))
    .reduce((best, way) => (way.use.device < best.use.device ? way : best));
}

/**
 * Execution plans, the best first: weights as they are, then in eight bits; V on the manifest's path for this device, then
 * on the other; all parts open, then in turns; last, V of fewer blocks. On the processor, whose weights are mapped files,
 * turns would save little.
 */
function executionsOf(
  { devices, defaults }: Manifest,
  device: ExecutionPlan["device"],
  int8: boolean,
): ExecutionPlan[] {
  const { compute, value_path: preferred } = devices[device];
  const stored = int8 ? [false, true] : [false];
  const others = (["cache", "paired"] as const).filter((path) => path !== preferred);
  const paths = [preferred, ...others];
  const residences = device === "cuda" ? (["open", "in turns"] as const) : (["open"] as const);
  const most = defaults.value_blocks;
  const fewer = Array.from({ length: Math.max(most - 1, 0) }, (_, less) => most - 1 - less);
  const ways = (int8: boolean, path: ExecutionPlan["path"], blocks: number) =>
    residences.map((parts): ExecutionPlan => ({ device, compute, int8, parts, path, blocks }));
  return [
    ...stored.flatMap((packed) => paths.flatMap((path) => ways(packed, path, most))),
    ...stored.flatMap((packed) => fewer.flatMap((blocks) => ways(packed, "cache", blocks))),
  ];
}
