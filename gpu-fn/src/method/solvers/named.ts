import type { SolverName } from "../../../../shared/solvers.ts";
import { euler } from "./euler.ts";
import { fireflow } from "./fireflow.ts";
import { rfSolver2 } from "./rf-solver-2.ts";
import type { Solver } from "./solver.ts";

/** All solvers by the names that schedules use. */
export const NAMED_SOLVERS: Readonly<Record<SolverName, Solver>> = {
  "rf-solver-2": rfSolver2,
  fireflow,
  euler,
};
