/** One start of a model on one card: the plan, the use, and the faults. */
import { join } from "node:path";
import { manifestOf } from "../../../gpu-fn/src/cli/model-manifest.ts";
import { admitModel, usualJob } from "../../../gpu-fn/src/device/admit.ts";
import { GIB, memoryUse, RESERVED } from "../../../gpu-fn/src/device/execution-plan.ts";
import { WeightsError } from "../../../gpu-fn/src/errors.ts";
import { hasInt8 } from "../../../gpu-fn/src/manifest/files.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { hollowModel } from "../hollow-model.ts";
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

/** How far a plan may exceed the peak, as a share of it. */
const ABOVE = 0.05;

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

function editsOf(resolution: number, sizes: number): PlayedEdit[] {
  const side = (share: number) => Math.round((share * resolution) / 16) * 16;
  const sized = SHAPES.slice(0, sizes).map(([across, down]): PlayedEdit => {
    const [width, height] = [side(across), side(down)];
    return { name: `${width}×${height}`, width, height, box: 200 };
  });
  const square = { width: resolution, height: resolution, box: 200 };
  const large = { width: 2 * resolution, height: 1.5 * resolution, box: 200 };
  return [
    ...sized,
    { name: "a window of a large photo", ...large },
    { name: "V of 12 blocks", ...square, valueBlocks: 12 },
    { name: "V of all blocks", ...square, valueBlocks: 38 },
    { name: "V of no block", ...square, valueBlocks: 0 },
  ];
}

export async function rehearse(stage: Stage, rehearsed: Case): Promise<Rehearsed> {
  const { model, gib, resolution, int8, manySizes = false } = rehearsed;
  const path = await hollowModel(manifestOf(model), homeOf(stage, model), { resolution, int8 });
  const manifest = await readManifest(path);
  const memory = { device: gib * GIB, host: HOST };
  const scene = { manifest: path, gpuGib: gib, edits: editsOf(resolution, manySizes ? SHAPES.length : 3) };
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
    return { planned, plan, marks, faults: [...ended, ...faultsOf(marks, plan, execution.parts)] };
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

/** Copies below this many bytes are inputs and outputs, not weights. */
const NO_WEIGHTS = 1e9;

function faultsOf(marks: readonly Mark[], plan: number, parts: "open" | "in turns"): string[] {
  const faults: string[] = [];
  const peak = Math.max(...marks.map((mark) => mark.peak));
  const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  if (peak > plan) faults.push(`the peak of ${gb(peak)} is above the plan of ${gb(plan)}`);
  if (plan > (1 + ABOVE) * peak) faults.push(`the plan of ${gb(plan)} is far above the peak of ${gb(peak)}`);
  const refused = marks.reduce((sum, { refusals }) => sum + refusals, 0);
  if (refused > 0) faults.push(`memory was refused ${refused} times`);
  const warm = marks.find(({ name }) => name === "warm");
  if (warm === undefined) return [...faults, "it did not become warm"];
  const edits = marks.filter(({ evaluations }) => evaluations > 0);
  for (const { name, live, toDevice, toHost, evaluations } of edits) {
    // with parts in turns, T5, encoder and decoder are loaded again; the transformer never is
    if (parts === "open" && live > warm.live) faults.push(`${name}: memory grew by ${gb(live - warm.live)}`);
    if (toDevice > (parts === "open" ? NO_WEIGHTS : 11e9))
      faults.push(`${name}: ${gb(toDevice)} of weights were loaded`);
    if (toHost > 50e6 * evaluations)
      faults.push(`${name}: ${gb(toHost)} came back from ${evaluations} evaluations`);
  }
  return faults;
}
