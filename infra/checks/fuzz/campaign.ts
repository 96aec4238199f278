import { runCase } from "./case.ts";
import type { Target } from "./target.ts";

export interface Crash {
  /** The number from which the input is made. */
  readonly seed: number;
  readonly reason: string;
  readonly bytes: Uint8Array;
}

/** The results of a target's cases. */
export interface Tally {
  readonly target: string;
  readonly cases: number;
  readonly accepted: number;
  readonly refused: number;
  readonly crashes: readonly Crash[];
  readonly slowestMs: number;
}

export interface Range {
  /** Number of the first case; the others follow it. */
  readonly seed: number;
  readonly cases: number;
  /** Unix time in milliseconds after which no further case starts. */
  readonly until?: number;
}

/** Feeds a range of inputs to a target, one after another. */
export async function campaign(
  target: Target,
  { seed, cases, until = Number.POSITIVE_INFINITY }: Range,
  onCrash: (crash: Crash) => void = () => undefined,
): Promise<Tally> {
  const counts = { accepted: 0, refused: 0, crashed: 0 };
  const crashes: Crash[] = [];
  let [done, slowestMs] = [0, 0];
  for (; done < cases && Date.now() < until; done++) {
    const bytes = await target.make(seed + done);
    const { answer, ms, crash } = await runCase(target, bytes);
    counts[answer] += 1;
    slowestMs = Math.max(slowestMs, ms);
    if (crash === null) continue;
    crashes.push({ seed: seed + done, reason: crash, bytes });
    onCrash({ seed: seed + done, reason: crash, bytes });
  }
  const { accepted, refused } = counts;
  return { target: target.name, cases: done, accepted, refused, crashes, slowestMs };
}
