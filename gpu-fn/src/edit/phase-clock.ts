import type { Progress } from "../../../shared/progress.ts";

type Phase = Exclude<Progress["phase"], "load">;

/** Milliseconds of each phase. */
export type PhaseTimings = Readonly<Record<Phase, number>>;

/** Times the phases of one edit and reports them. */
export class PhaseClock {
  #planned: number;
  readonly #report: (progress: Progress) => void;
  readonly #timings = { encode: 0, locate: 0, inversion: 0, edit: 0, decode: 0 };
  #phase: Phase | null = null;
  #steps = 0;
  #since = 0;
  #evaluations = 0;

  /** @param planned evaluations of the whole edit */
  constructor(planned: number, report: (progress: Progress) => void = () => {}) {
    this.#planned = planned;
    this.#report = report;
  }

  /** Evaluations of the transformer so far. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** @param steps of the phase; 0 if it has none */
  enter(phase: Phase, steps = 0): void {
    this.finish();
    this.#phase = phase;
    this.#steps = steps;
    this.#since = performance.now();
    this.step(0);
  }

  /** Resumes an earlier phase: its time is added there, but nothing is reported, so an edit never seems to go back. */
  resume(phase: Phase): void {
    this.finish();
    this.#phase = phase;
    this.#since = performance.now();
  }

  /** Changes the planned number of evaluations of the edit. */
  plan(evaluations: number): void {
    this.#planned = evaluations;
  }

  /** Adds to the evaluations done. */
  evaluated(count: number): void {
    this.#evaluations += count;
  }

  /** Reports that a step of the phase is done. */
  step(step: number): void {
    if (this.#phase === null) return;
    const [evaluations, planned] = [this.#evaluations, this.#planned];
    this.#report({ phase: this.#phase, step, steps: this.#steps, evaluations, planned });
  }

  finish(): PhaseTimings {
    if (this.#phase !== null) this.#timings[this.#phase] += performance.now() - this.#since;
    this.#phase = null;
    return this.#timings;
  }
}
