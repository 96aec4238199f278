import { MODELS } from "../../../shared/models.ts";
import { type PresetName, plannedEvaluations, presetsOf } from "../../../shared/presets.ts";

/** Part of a run: so long, and so many times the steady load, by the loud customer alone or by all. */
export interface Phase {
  readonly name: "warm-up" | "steady" | "burst" | "recovery" | "rush" | "second recovery";
  readonly seconds: number;
  readonly loud: number;
  readonly others: number;
  /** It may end sooner: once the queue is as short as it was in the steady phase. */
  readonly untilCalm?: true;
}

/** What is run, against what. */
export interface Scenario {
  /** Time of the stub's GPU for one evaluation, for a mask, and from its start until it takes anything. */
  readonly msPerEvaluation: number;
  readonly maskMs: number;
  readonly coldStartMs: number;
  /** Requests before the run, after which the local runtime's memory has its size. */
  readonly fill: number;
  readonly customers: number;
  /** Unfinished edits that an account may have. */
  readonly unfinished: number;
  /** Of edits that hurry; the others have the API's own. */
  readonly deadlineMs: number;
  /** Share of the GPU's capacity that steady load asks for. */
  readonly utilisation: number;
  /** How often a refused client comes back before its user gives up. */
  readonly returns: number;
  /** Reads of each kind that come with one edit, in the mean. */
  readonly readsAnEdit: number;
  readonly phases: readonly Phase[];
}

/** Which presets are asked for, and how often. */
const MIX: Readonly<Record<PresetName, number>> = { fast: 0.8, balanced: 0.18, paper: 0.02 };

/** One of the presets, by its share. @param random 0…1 */
export function presetOf(random: number): PresetName {
  let below = 0;
  for (const name of Object.keys(MIX) as PresetName[]) {
    below += MIX[name];
    if (random < below) return name;
  }
  return "fast";
}

/** Edits a second that one container makes of the mix, masks and transfers left out. */
function capacityOf({ msPerEvaluation }: Pick<Scenario, "msPerEvaluation">): number {
  const names = Object.keys(MIX) as PresetName[];
  const presets = presetsOf(MODELS.mini.fastSteps);
  const evaluations = names.reduce((sum, name) => sum + MIX[name] * plannedEvaluations(presets[name]), 0);
  return 1000 / (msPerEvaluation * evaluations);
}

/** Steady edits a second of all customers together. */
export const steadyRate = (scenario: Scenario) => scenario.utilisation * capacityOf(scenario);

/**
 * A burst of ten times the steady load, all of it more by one customer, so that what it does to the others shows; then,
 * where `rushSeconds` is above 0, one by all customers alike.
 */
export function phasesOf(given: {
  readonly warmUpSeconds: number;
  readonly steadySeconds: number;
  readonly burstSeconds: number;
  readonly rushSeconds: number;
  readonly customers: number;
  readonly recoverySeconds: number;
}): Phase[] {
  const { customers, recoverySeconds: seconds } = given;
  const calm = { seconds, loud: 1, others: 1, untilCalm: true } as const;
  const rush: Phase[] = [
    { name: "rush", seconds: given.rushSeconds, loud: 10, others: 10 },
    { name: "second recovery", ...calm },
  ];
  return [
    { name: "warm-up", seconds: given.warmUpSeconds, loud: 1, others: 1 },
    { name: "steady", seconds: given.steadySeconds, loud: 1, others: 1 },
    { name: "burst", seconds: given.burstSeconds, loud: 10 * customers - (customers - 1), others: 1 },
    { name: "recovery", ...calm },
    ...(given.rushSeconds > 0 ? rush : []),
  ];
}
