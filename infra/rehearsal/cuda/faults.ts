/** What is wrong with a start and its edits: pure, of the counts at its marks. */
import type { ExecutionPlan } from "../../../gpu-fn/src/device/execution-plan.ts";
import type { Mark, PlayedEdit } from "./stage.ts";

export interface Expected {
  /** Bytes that the sessions may take at once. */
  readonly plan: number;
  readonly parts: ExecutionPlan["parts"];
  readonly edits: readonly PlayedEdit[];
  /** Bytes of K and V of all blocks, of one evaluation of so many image tokens. */
  readonly background: (tokens: number) => number;
}

/** How far a plan may exceed the peak, as a share of it. */
const ABOVE = 0.05;

/** Copies below this many bytes are inputs and outputs, not weights. */
export const NO_WEIGHTS = 1e9;

const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;

/** @returns one line each; empty if everything is right */
export function faultsOf(marks: readonly Mark[], expected: Expected): string[] {
  const { plan } = expected;
  const faults: string[] = [];
  const peak = Math.max(...marks.map((mark) => mark.peak));
  if (peak > plan) faults.push(`the peak of ${gb(peak)} is above the plan of ${gb(plan)}`);
  if (plan > (1 + ABOVE) * peak) faults.push(`the plan of ${gb(plan)} is far above the peak of ${gb(peak)}`);
  const refused = marks.reduce((sum, { refusals }) => sum + refusals, 0);
  if (refused > 0) faults.push(`memory was refused ${refused} times`);
  const warm = marks.find(({ name }) => name === "warm");
  if (warm === undefined) return [...faults, "it did not become warm"];
  const edits = marks.filter(({ evaluations }) => evaluations > 0);
  return [...faults, ...edits.flatMap((edit) => faultsOfEdit(edit, warm, expected))];
}

function faultsOfEdit(edit: Mark, warm: Mark, { parts, edits, background }: Expected): string[] {
  const { name, live, toDevice, toHost, evaluations, tokens } = edit;
  const faults: string[] = [];
  const alone = edits.some((asked) => asked.name === name && asked.background);
  if (alone && tokens?.computed === tokens?.all) faults.push(`${name}: all tokens were computed`);
  // K and V come back from the inversion, half of the evaluations, and go into the other half
  const kept = alone ? (evaluations / 2) * background(tokens?.all ?? 0) : 0;
  // with parts in turns, T5, encoder and decoder are loaded again; the transformer never is
  if (parts === "open" && live > warm.live) faults.push(`${name}: memory grew by ${gb(live - warm.live)}`);
  if (toDevice > kept + (parts === "open" ? NO_WEIGHTS : 11e9))
    faults.push(`${name}: ${gb(toDevice)} of weights were loaded`);
  if (toHost > kept + 50e6 * evaluations)
    faults.push(`${name}: ${gb(toHost)} came back from ${evaluations} evaluations`);
  return faults;
}
