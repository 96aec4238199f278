import type { ExecutionPlan } from "../device/execution-plan.ts";
import { type FindFaces, openFaceFinder } from "../faces/finder.ts";
import { int8Files, partFiles } from "../manifest/files.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import type { TokenGrid } from "../tensor/packing.ts";
import { openParts, type Parts, settled, type Tuning, unitOf } from "./parts.ts";
import type { Transformer } from "./transformer.ts";
import { type TransformerUse, transformers } from "./transformers.ts";

export type { TransformerUse } from "./transformers.ts";

export interface ModelOptions extends Tuning {
  /** Default: the manifest's plan for the processor. */
  readonly execution?: ExecutionPlan;
  /** Bytes of the machine's memory that the source's V may take in an edit. Default: no limit. */
  readonly hostBytes?: number;
  /** Opens the parts around the transformer elsewhere. Default: in this thread. */
  readonly openParts?: () => Promise<Parts>;
}

/** All parts of an open model. Running a part blocks its thread, so a model lives in the engine's. */
export interface Model extends Parts {
  readonly manifest: Manifest;
  /** The plan by which it runs on this device. */
  readonly execution: ExecutionPlan;
  readonly hostBytes: number;
  /** As in `Parts`. @param grid the picture's tokens; default: those of the square */
  encode(image: Float32Array, grid?: TokenGrid): Promise<Float32Array>;
  /** The inverse; values are not clamped. */
  decode(latent: Float32Array, grid?: TokenGrid): Promise<Float32Array>;
  readonly findFaces: FindFaces;
  /** The transformer for a given use. */
  transformer(use: TransformerUse): Promise<Transformer>;
  /** Tokens down and across a square of the manifest's resolution. */
  readonly grid: number;
  /** Side of a token, in the model's pixels. */
  readonly unit: number;
}

/** Tokens of a picture of the manifest's resolution. */
export function squareGrid({ grid }: Pick<Model, "grid">): TokenGrid {
  return { rows: grid, columns: grid };
}

/** The execution plan of a manifest's model on the processor. */
export function cpuExecution({ devices, defaults }: Manifest): ExecutionPlan {
  const { compute, value_path: path } = devices.cpu;
  return { device: "cpu", compute, int8: false, parts: "open", path, blocks: defaults.value_blocks };
}

/** A GPU holds one session; one for backgrounds also serves edits that keep only V. */
const sessionFor = (path: TransformerUse["valuePath"], { device, path: own }: ExecutionPlan) =>
  device === "cuda" && own === "background" && path === "cache" ? own : path;

/** @throws WeightsError if a file is missing, damaged or does not match the manifest */
export async function openModel(manifest: Manifest, options: ModelOptions = {}): Promise<Model> {
  const { flux, resolution } = manifest;
  const {
    execution = cpuExecution(manifest),
    hostBytes = Number.POSITIVE_INFINITY,
    openParts: open = () => openParts(manifest, execution, tuning),
    ...tuning
  } = options;
  const packed = execution.int8 ? [int8Files(manifest).flux] : [];
  const fluxWeights = openWeights(...partFiles(manifest, flux), ...packed);
  const session = { ...tuning, provider: execution.device, compute: execution.compute };
  const opened = transformers(fluxWeights, flux.config, session);
  const opening = open();
  // on a GPU the transformer opens together with the parts; on the processor it opens with the first edit
  const transformer = execution.device === "cuda" ? opened.open({ valuePath: execution.path }) : undefined;
  const [parts] = await settled([opening, transformer]).catch(async (error: unknown) => {
    // the next attempt needs the memory of what was opened
    await Promise.all([opened.release(), opening.then((half) => half.release()).catch(() => {})]);
    throw error;
  });
  const findFaces = await openFaceFinder();
  const unit = unitOf(manifest);
  const grid = resolution / unit;
  return {
    ...parts,
    manifest,
    execution,
    hostBytes,
    grid,
    unit,
    findFaces,
    encode: (image, tokens = squareGrid({ grid })) => parts.encode(image, tokens),
    decode: (latent, tokens = squareGrid({ grid })) => parts.decode(latent, tokens),
    transformer: ({ valuePath }) => opened.open({ valuePath: sessionFor(valuePath, execution) }),
    async release() {
      await Promise.all([opened.release(), parts.release()]);
    },
  };
}
