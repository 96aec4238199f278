/** One start of a model on one card: the plan, the use, and the faults. */
import { join } from "node:path";
import { manifestOf } from "../../../gpu-fn/src/cli/model-manifest.ts";
import { admitModel, usualJob } from "../../../gpu-fn/src/device/admit.ts";
import { GIB, memoryUse, RESERVED } from "../../../gpu-fn/src/device/execution-plan.ts";
import { backgroundBytes } from "../../../gpu-fn/src/device/sizes.ts";
import { WeightsError } from "../../../gpu-fn/src/errors.ts";
import { hasInt8 } from "../../../gpu-fn/src/manifest/files.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { hollowModel } from "../hollow-model.ts";
import { faultsOf, NO_WEIGHTS } from "./faults.ts";
import { onProcessor } from "./nodes-on-processor.ts";
import type { Stage } from "./prepare.ts";
import { type Mark, type PlayedEdit, play } from "./stage.ts";

export interface Case {
  readonly model: "flux-dev" | "flux-schnell";
  /** Memory of the card. */
  readonly gib: number;
  /** Side of the largest edited square. */
  readonly resolution: number;
  /** With files of eight-bit weights. */
  readonly int8: boolean;
  /** With twelve sizes of photos, one after another, instead of three. */
  readonly manySizes?: boolean;
  /** On the path `background`; some of the edits ask for their mask alone to be computed. */
  readonly background?: boolean;
}

export interface Rehearsed {
  /** One line: how it runs, or why not. */
  readonly planned: string;
  /** Bytes that the sessions may take at once; null if it was refused. */
  readonly plan: number | null;
  readonly marks: readonly Mark[];
  /** One line each; empty if everything is right. */
  readonly faults: readonly string[];
}

/** The machine's memory, for V of a source. */
const HOST = 64 * GIB;

/** Sizes of consecutive edits' photos: more sizes than a session keeps plans for, none above the largest. */
const SHAPES = [
  [1, 1],
  [1, 0.75],
  [0.5, 1],
  [0.625, 1],
  [0.8125, 0.9375],
  [0.75, 0.75],
  [0.875, 1],
  [1, 0.6875],
  [0.9375, 0.9375],
  [0.5625, 0.6875],
  [1, 0.984375],
  [0.5, 0.5],
] as const;

const homeOf = (stage: Stage, model: string) => join(stage.folder, "models", model);

function editsOf({ resolution, manySizes, background }: Case): PlayedEdit[] {
  const side = (share: number) => Math.round((share * resolution) / 16) * 16;
  const sized = SHAPES.slice(0, manySizes ? SHAPES.length : 3).map(([across, down]): PlayedEdit => {
    const [width, height] = [side(across), side(down)];
    return { name: `${width}×${height}`, width, height, box: 200 };
  });
  const square = { width: resolution, height: resolution, box: 200 };
  const large = { width: 2 * resolution, height: 1.5 * resolution, box: 200 };
  const alone = [0.25, 0.5, 0.75].map((share): PlayedEdit => {
    const box = side(share);
    return { name: `a mask of ${box}² alone`, ...square, box, background: true };
  });
  return [
    ...sized,
    { name: "a window of a large photo", ...large },
    { name: "V of 12 blocks", ...square, valueBlocks: 12 },
    // where V comes back, memory is planned for that of m blocks
    ...(background ? alone : [{ name: "V of all blocks", ...square, valueBlocks: 38 }]),
    { name: "V of no block", ...square, valueBlocks: 0 },
  ];
}

export async function rehearse(stage: Stage, rehearsed: Case): Promise<Rehearsed> {
  const { model, gib, resolution, int8, background } = rehearsed;
  const path = await hollowModel(manifestOf(model), homeOf(stage, model), {
    ...{ resolution, int8 },
    ...(background && { valuePath: "background" }),
  });
  const manifest = await readManifest(path);
  const memory = { device: gib * GIB, host: HOST };
  const edits = editsOf(rehearsed);
  const scene = { manifest: path, gpuGib: gib, edits };
  try {
    const execution = admitModel(manifest, memory, { device: "cuda", int8: hasInt8(manifest) });
    const plan = memoryUse(manifest, execution, usualJob(manifest)).device - RESERVED;
    const { marks, status, stderr } = await play(stage, scene, RESERVED);
    const planned = [
      execution.int8 ? "int8" : execution.compute,
      execution.path,
      `m = ${execution.blocks}`,
      `parts ${execution.parts}`,
    ].join(", ");
    const ended = status === 0 ? [] : [`it ended with ${status}: ${firstError(stderr)}`];
    const { parts } = execution;
    const expected = {
      plan,
      parts,
      edits,
      background: (tokens: number) => backgroundBytes(manifest, tokens),
    };
    return { planned, plan, marks, faults: [...ended, ...faultsOf(marks, expected)] };
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const { marks, stderr } = await play(stage, { ...scene, edits: [] }, RESERVED);
    // what follows is the machine's memory: this one's, or the rehearsal's
    const [ofTheGpu = ""] = error.message.split(", and ");
    const said = stderr.includes(ofTheGpu) ? [] : ["the engine does not report it"];
    const loaded = marks.length === 0 ? [] : ["something was loaded"];
    return { planned: error.message, plan: null, marks, faults: [...said, ...loaded] };
  }
}

/** Beside a GPU, only sizes may run on the processor. Anything else would copy tensors there and back. */
const SIZES = new Set(["Concat", "Shape"]);

/** Checks where the nodes of a model's graphs run. @returns faults, one line each */
export async function placementFaults(stage: Stage): Promise<string[]> {
  const manifest = await hollowModel(manifestOf("flux-dev"), homeOf(stage, "flux-dev"), { int8: false });
  const { status, stderr } = await play(stage, { manifest, gpuGib: 80, edits: [] }, RESERVED, "placement.ts");
  if (status !== 0) return [`the graphs do not open: ${firstError(stderr)}`];
  const types = [...onProcessor(stderr)];
  if (types.length === 0) return ["the runtime does not report where nodes run"];
  return types.filter((type) => !SIZES.has(type)).map((type) => `${type} runs on the processor`);
}

/** Checks a server's cold start with an edit that arrives before the model is loaded. @returns faults, one line each */
export async function coldStartFaults(stage: Stage): Promise<string[]> {
  const manifest = await hollowModel(manifestOf("flux-dev"), homeOf(stage, "flux-dev"), { int8: false });
  const { marks, status, stderr } = await play(
    stage,
    { manifest, gpuGib: 79.6, edits: [] },
    RESERVED,
    "served.ts",
  );
  if (status !== 0) return [`the server ended: ${firstError(stderr)}`];
  const read = marks.reduce((sum, { toDevice }) => sum + toDevice, 0);
  return read > NO_WEIGHTS ? [] : ["the edit was made without weights"];
}

const firstError = (stderr: string) => /^\w*Error: .*$/m.exec(stderr)?.[0] ?? stderr.slice(0, 200);
