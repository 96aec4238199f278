import { advance, midpoint, type Solver } from "./solver.ts";

/**
 * FireFlow (arXiv 2412.07517): the midpoint rule, in which the velocity that leads to the midpoint is reused from the
 * previous step's midpoint. It differs from v(Z, t) by O(h), so the step remains second-order. One evaluation per step,
 * and one more in the first, which has no previous step.
 */
export const fireflow: Solver = {
  name: "fireflow",
  order: 2,
  evaluates: (step) => (step === 1 ? ["first", "mid"] : ["mid"]),
  begin: (velocity) => {
    let previous: Float32Array | undefined;
    return async (latent, from, to, interval) => {
      const h = to - from;
      const leading = previous ?? (await velocity(latent, from, { interval, half: "first" }));
      const mid = advance(latent, leading, h / 2);
      const middle = await velocity(mid, midpoint(from, to), { interval, half: "mid" });
      previous = middle;
      return { interval, latent: advance(latent, middle, h), mid };
    };
  },
};
