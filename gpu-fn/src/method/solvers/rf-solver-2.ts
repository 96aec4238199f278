import { advance, midpoint, type Solver } from "./solver.ts";

/**
 * The paper's second-order RF-Solver (Eq. 11 and 12): Z' = Z + h·v + h²/2 · (v_mid − v)/(h/2), which is
 * Z + h·v_mid. Two evaluations per step.
 */
export const rfSolver2: Solver = {
  name: "rf-solver-2",
  order: 2,
  evaluates: () => ["first", "mid"],
  begin: (velocity) => async (latent, from, to, interval) => {
    const h = to - from;
    const first = await velocity(latent, from, { interval, half: "first" });
    const mid = advance(latent, first, h / 2);
    const middle = await velocity(mid, midpoint(from, to), { interval, half: "mid" });
    return { interval, latent: advance(latent, middle, h), mid };
  },
};
