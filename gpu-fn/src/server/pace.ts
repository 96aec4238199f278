import type { Progress } from "../../../shared/progress.ts";

/** How fast a run's evaluations go, and from that how long it still takes. Times in milliseconds. */
export class Pace {
  #start: { readonly at: number; readonly evaluations: number } | null = null;
  #last: { readonly at: number; readonly left: number } | null = null;
  /** Of one evaluation; null before the first step. */
  perEvaluation: number | null = null;

  /** Takes a report in. @returns time left by the evaluations so far; null before the first step */
  note({ phase, evaluations, planned }: Progress, now = performance.now()): number | null {
    if (phase === "inversion" || phase === "edit") this.#start ??= { at: now, evaluations };
    const done = evaluations - (this.#start?.evaluations ?? evaluations);
    if (this.#start !== null && done > 0 && phase !== "decode")
      this.perEvaluation = (now - this.#start.at) / done;
    this.#last = { at: now, left: planned - evaluations };
    return this.perEvaluation === null ? null : this.perEvaluation * this.#last.left;
  }

  /** Time left now. @param expected of one evaluation, where this run has made none; null if nothing is known */
  left(expected: number | null, now = performance.now()): number | null {
    const each = this.perEvaluation ?? expected;
    if (each === null || this.#last === null) return null;
    return Math.max(0, each * this.#last.left - (now - this.#last.at));
  }
}
