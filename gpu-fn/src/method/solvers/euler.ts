import { advance, type Solver } from "./solver.ts";

/** Euler's rule (Eq. 4): Z' = Z + h·v. First order, one evaluation per step. */
export const euler: Solver = {
  name: "euler",
  order: 1,
  evaluates: () => ["first"],
  begin: (velocity) => async (latent, from, to, interval) => {
    const first = await velocity(latent, from, { interval, half: "first" });
    return { interval, latent: advance(latent, first, to - from) };
  },
};
