import type { Progress } from "../../../shared/progress.ts";

/** Measures how fast a run's evaluations are, and estimates the time left. Times in milliseconds. */
export class Pace {
  #start: { readonly at: number; readonly evaluations: number } | null = null;
  #last: { readonly at: number; readonly left: number } | null = null;
  /** Time of one evaluation; null before the first step. */
  perEvaluation: number | null = null;

  /** Takes in a report. @returns the time left, judging by the evaluations so far; null before the first step */
  note({ phase, evaluations, planned }: Progress, now = performance.now()): number | null {
    if (phase === "inversion" || phase === "edit") this.#start ??= { at: now, evaluations };
    const done = evaluations - (this.#start?.evaluations ?? evaluations);
    if (this.#start !== null && done > 0 && phase !== "decode")
      this.perEvaluation = (now - this.#start.at) / done;
    this.#last = { at: now, left: planned - evaluations };
    return this.perEvaluation === null ? null : this.perEvaluation * this.#last.left;
  }

  /** Time left now. @param expected time of one evaluation if this run has made none; null if unknown */
  left(expected: number | null, now = performance.now()): number | null {
    const each = this.perEvaluation ?? expected;
    if (each === null || this.#last === null) return null;
    return Math.max(0, each * this.#last.left - (now - this.#last.at));
  }
}
