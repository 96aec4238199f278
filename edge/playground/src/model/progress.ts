import type { EditEvent } from "../../../../shared/event.ts";

type ProgressData = Extract<EditEvent, { event: "progress" }>["data"];

/** Where each phase lies in the whole of an edit, from 0 to 1: both passes take nearly all of it. */
const SPAN: Readonly<Record<ProgressData["phase"], readonly [from: number, to: number]>> = {
  load: [0.01, 0.02],
  encode: [0.02, 0.03],
  locate: [0.03, 0.05],
  inversion: [0.05, 0.5],
  edit: [0.5, 0.97],
  decode: [0.97, 1],
};

const WORDS: Readonly<Record<ProgressData["phase"], string>> = {
  load: "Loading the model",
  encode: "Reading the photo",
  locate: "Finding the region",
  inversion: "Tracing the photo back to noise",
  edit: "Sculpting",
  decode: "Drawing the picture",
};

/** Share of the edit that is done. */
export function fractionOf({ phase, step, steps }: Pick<ProgressData, "phase" | "step" | "steps">): number {
  const [from, to] = SPAN[phase];
  return from + (to - from) * (steps > 0 ? Math.min(1, step / steps) : 0);
}

export function phaseWords({ phase, step, steps }: Pick<ProgressData, "phase" | "step" | "steps">): string {
  return steps > 1 ? `${WORDS[phase]}, step ${step} of ${steps}` : WORDS[phase];
}

/** Time left, as people say it; empty if it cannot be told. */
export function remainingWords(ms: number | null): string {
  if (ms === null) return "";
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 1) return "a moment left";
  return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
}
