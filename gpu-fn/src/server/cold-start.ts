import { COLD_START_PHASES, type GpuHealth } from "../../../shared/gpu.ts";

type Phase = (typeof COLD_START_PHASES)[number];

/** State of a start, and how long each of its phases took. Times in milliseconds. */
export class ColdStart {
  readonly #took = new Map<Phase, number>();
  #status: GpuHealth["status"] = "starting";
  #since: number;

  /** @param since when the first phase began, on the clock of `performance.now` */
  constructor(since = performance.now()) {
    this.#since = since;
  }

  get status(): GpuHealth["status"] {
    return this.#status;
  }

  /** Ends the current phase and enters the next. */
  enter(status: GpuHealth["status"], now = performance.now()): void {
    const phase = phaseOf(this.#status);
    if (phase !== null) this.#took.set(phase, now - this.#since);
    this.#status = status;
    this.#since = now;
  }

  /** The time of each phase entered so far, the current one up to now. */
  phases(now = performance.now()): GpuHealth["phases"] {
    const current = phaseOf(this.#status);
    return COLD_START_PHASES.flatMap((phase) => {
      const ms = phase === current ? now - this.#since : this.#took.get(phase);
      return ms === undefined ? [] : [{ phase, ms: Math.round(ms) }];
    });
  }
}

const phaseOf = (status: GpuHealth["status"]): Phase | null =>
  COLD_START_PHASES.find((phase) => phase === status) ?? null;
