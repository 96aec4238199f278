/** Edits by the clock: what a user waits for, and how much of it the transformer takes. */
import type { PresetName } from "../../../shared/presets.ts";
import type { Engine } from "../../src/engine.ts";
import type { EditRequest } from "../../src/request.ts";

export const TIMES = ["cold", "first", "second"] as const;

/** `cold`: from opening the engine on; `first`: a new photo; `second`: the same photo with another prompt. */
export type Time = (typeof TIMES)[number];

export interface TimedEdit {
  readonly preset: PresetName;
  readonly time: Time;
  readonly seconds: number;
  readonly evaluations: number;
  /** Milliseconds of both passes for each evaluation. */
  readonly msPerEvaluation: number;
  /** Share of the edit's own time outside of the passes; loading is not among it. */
  readonly outside: number;
}

/** @param since when the wait began; default: now */
export async function timeEdit(
  engine: Engine,
  request: EditRequest,
  preset: PresetName,
  time: Time,
  since = performance.now(),
): Promise<TimedEdit> {
  const { timings, evaluations } = await engine.edit(request);
  const ended = performance.now();
  const passes = timings.inversion + timings.edit;
  const all = Object.values(timings).reduce((sum, ms) => sum + ms, 0);
  return {
    preset,
    time,
    seconds: (ended - since) / 1000,
    evaluations,
    msPerEvaluation: passes / evaluations,
    outside: 1 - passes / all,
  };
}
