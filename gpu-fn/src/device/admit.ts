/** Checks that a model, and then each edit, fits in memory, before anything is loaded or evaluated. */
import { InputError, WeightsError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { parametersOf, wantedTensors } from "../weights/expected-tensors.ts";
import {
  type ChoiceOptions,
  chooseExecution,
  type ExecutionPlan,
  GIB,
  leastExecution,
  type Memory,
} from "./execution-plan.ts";
import { backgroundBytes, imageTokens, valueBytes } from "./sizes.ts";

/** The job a model is opened for: the paper's schedule at the model's resolution. */
export function usualJob({ resolution, defaults }: Manifest) {
  const { steps, structuring_steps: structuring } = defaults;
  return { height: resolution, width: resolution, recorded: 2 * (steps - structuring) };
}

/** How to run a model here. @throws WeightsError, one line, if no execution plan fits */
export function admitModel(manifest: Manifest, memory: Memory, options: ChoiceOptions): ExecutionPlan {
  const job = usualJob(manifest);
  const chosen = chooseExecution(manifest, memory, job, options);
  if (chosen) return chosen.execution;
  const { device, int8 } = options;
  const { use: least } = leastExecution(manifest, job, options);
  const where = device === "cuda" ? "the GPU" : "this machine";
  const help = int8 ? "" : `; eight-bit weights take less: npm run weights -- ${manifest.id} --to DIR --int8`;
  throw new WeightsError(
    `${manifest.id} needs ${gib(least.device)} on ${where}, which has ${gib(memory.device)}, and ` +
      `${gib(least.valueCache)} of the machine's ${gib(memory.host)}${help}`,
  );
}

/** Largest graph in bytes, inline tensors included: the limit of protocol buffers. */
const GRAPH_MAX = 2 ** 31;

/**
 * Eight-bit arithmetic stores new weights, one byte each, inside the graph.
 * @throws WeightsError, one line, if the transformer is too large for that
 */
export function admitInt8Arithmetic(manifest: Manifest): void {
  const bytes = parametersOf(wantedTensors(manifest, "bfl").flux);
  if (bytes < GRAPH_MAX) return;
  throw new WeightsError(
    `ARITHMETIC=int8 holds the transformer in its graph, at most ${gib(GRAPH_MAX)}; ${manifest.id} takes ${gib(bytes)}: ` +
      `store its weights in eight bits instead, npm run weights -- ${manifest.id} --to DIR --int8`,
  );
}

export interface ValueCache {
  /** Number of blocks whose V is kept, or K and V of all blocks. */
  readonly blocks: number | "background";
  /** Number of evaluations whose features are kept. */
  readonly recorded: number;
  /** Image tokens; default: those of a square at the model's resolution. */
  readonly tokens?: number;
}

/** Bytes that an edit keeps of its source's V, or K and V. */
export function cachedValueBytes(manifest: Manifest, { blocks, recorded, tokens }: ValueCache): number {
  const { resolution } = manifest;
  const image = tokens ?? imageTokens(manifest, resolution, resolution);
  return (
    recorded *
    (blocks === "background" ? backgroundBytes(manifest, image) : valueBytes(manifest, blocks, image))
  );
}

/** @throws InputError `schedule_invalid`, one line, if an edit would keep more of its source than memory allows */
export function admitEdit(manifest: Manifest, cache: ValueCache, host: number): void {
  const bytes = cachedValueBytes(manifest, cache);
  if (bytes <= host) return;
  const { blocks, recorded } = cache;
  const [what, less] =
    blocks === "background"
      ? ["K with V of all blocks", "steps"]
      : [`V of ${blocks} blocks`, "value_blocks or steps"];
  throw new InputError(
    "schedule_invalid",
    `${what} in ${recorded} evaluations takes ${gib(bytes)}, and this machine has ${gib(host)}: ask for fewer ${less}`,
  );
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
