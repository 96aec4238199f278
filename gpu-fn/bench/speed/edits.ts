/** Edits by the clock: what a user waits for, and how much of it the transformer takes. */
import { type PresetName, passesOf } from "../../../shared/presets.ts";
import type { EditRequest } from "../../src/edit/request.ts";
import type { Engine } from "../../src/engine/engine.ts";

export const TIMES = ["cold", "first", "second"] as const;

/** `cold`: from opening the engine on; `first`: a new photo; `second`: the same photo with another prompt. */
export type Time = (typeof TIMES)[number];

export interface TimedEdit {
  readonly preset: PresetName;
  readonly time: Time;
  readonly seconds: number;
  readonly evaluations: number;
  /** Milliseconds of the edit pass for each of its evaluations: nothing runs beside it. */
  readonly msPerEvaluation: number;
  /** Share of the edit's own time that its evaluations, at that speed, do not take; loading is not among it. */
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
  const msPerEvaluation = timings.edit / passesOf(request.schedule).edit;
  const all = Object.values(timings).reduce((sum, ms) => sum + ms, 0);
  return {
    preset,
    time,
    seconds: (ended - since) / 1000,
    evaluations,
    msPerEvaluation,
    outside: 1 - (evaluations * msPerEvaluation) / all,
  };
}
