import type { Phase } from "./scenario.ts";

export type PhaseName = Phase["name"];

/** One answer, from sending the request to its last byte. Times in milliseconds since the run began. */
export interface Sample {
  readonly route: string;
  readonly phase: PhaseName;
  readonly customer: string;
  readonly at: number;
  readonly ms: number;
  /** 0: the connection failed. */
  readonly status: number;
  /** Of a problem document. */
  readonly code: string | null;
  readonly retryAfter: number | null;
}

/** One edit that was accepted, as it was when it was last seen. Times in milliseconds since the run began. */
export interface SeenEdit {
  readonly id: string;
  readonly customer: string;
  readonly phase: PhaseName;
  readonly deadlineMs: number;
  readonly createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  status: string;
  error: string | null;
  webhooks: number;
  readonly wantsWebhook: boolean;
}

/** A client that was refused and came back after Retry-After. */
export interface Return {
  readonly phase: PhaseName;
  readonly code: string;
  readonly waitedSeconds: number;
  readonly accepted: boolean;
}

/** What was seen while the system ran. */
export class Recorder {
  readonly samples: Sample[] = [];
  readonly edits = new Map<string, SeenEdit>();
  readonly returns: Return[] = [];
  /** Credits held, by account together, a row a second. */
  readonly held: { readonly at: number; readonly held: number }[] = [];
  readonly #began = performance.now();
  readonly #clock = Date.now();
  phase: PhaseName = "warm-up";
  readonly phases: { readonly name: PhaseName; readonly from: number; to: number }[] = [];

  /** Milliseconds since the run began. */
  now(): number {
    return performance.now() - this.#began;
  }

  /** A time of the API on this run's clock; the system runs on the same machine. */
  since(time: string): number {
    return Date.parse(time) - this.#clock;
  }

  enter(name: PhaseName): void {
    this.leave();
    this.phase = name;
    this.phases.push({ name, from: this.now(), to: Number.POSITIVE_INFINITY });
  }

  leave(): void {
    const last = this.phases.at(-1);
    if (last !== undefined && last.to === Number.POSITIVE_INFINITY) last.to = this.now();
  }

  /** Edits that are accepted and not seen to have ended. */
  unfinished(): number {
    let count = 0;
    for (const { finishedAt } of this.edits.values()) if (finishedAt === null) count += 1;
    return count;
  }
}
