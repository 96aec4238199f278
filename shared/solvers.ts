/** How the passes of an edit step along the flow. */
export const SOLVERS = ["rf-solver-2", "fireflow", "euler"] as const;

export type SolverName = (typeof SOLVERS)[number];

const PASS: Readonly<Record<SolverName, (steps: number) => number>> = {
  "rf-solver-2": (steps) => 2 * steps,
  fireflow: (steps) => steps + 1,
  euler: (steps) => steps,
};

/** Evaluations of the transformer in one pass of N steps. */
export function passEvaluations(solver: SolverName, steps: number): number {
  return PASS[solver](steps);
}
