import type { Progress } from "../../shared/progress.ts";

type Phase = Exclude<Progress["phase"], "load">;

/** Milliseconds of each phase. */
export type PhaseTimings = Readonly<Record<Phase, number>>;

/** Times the phases of one edit and reports them. */
export class PhaseClock {
  readonly #steps: number;
  readonly #planned: number;
  readonly #report: (progress: Progress) => void;
  readonly #timings = { encode: 0, locate: 0, inversion: 0, edit: 0, decode: 0 };
  #phase: Phase | null = null;
  #since = 0;
  #before = 0;
  evaluations = 0;

  /**
   * @param steps of one pass
   * @param planned evaluations of the whole edit
   */
  constructor(steps: number, planned: number, report: (progress: Progress) => void = () => {}) {
    this.#steps = steps;
    this.#planned = planned;
    this.#report = report;
  }

  enter(phase: Phase): void {
    this.finish();
    this.#phase = phase;
    this.#since = performance.now();
    this.#before = this.evaluations;
    const steps = phase === "inversion" || phase === "edit" ? this.#steps : 0;
    this.#report({ phase, step: 0, steps, evaluations: this.evaluations, planned: this.#planned });
  }

  /** @param evaluations of this pass so far */
  step(step: number, evaluations: number): void {
    if (this.#phase === null) return;
    this.evaluations = this.#before + evaluations;
    const { evaluations: done } = this;
    this.#report({ phase: this.#phase, step, steps: this.#steps, evaluations: done, planned: this.#planned });
  }

  finish(): PhaseTimings {
    if (this.#phase !== null) this.#timings[this.#phase] += performance.now() - this.#since;
    this.#phase = null;
    return this.#timings;
  }
}
