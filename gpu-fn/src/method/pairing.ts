/** From which evaluation of the source each evaluation of the edit takes V (docs/algorithm.md section 5, V pairing). */
import { type EvaluationPoint, evaluationsOf, type Pass } from "./solvers/solver.ts";

/**
 * Midpoints coincide. At a step's start, t_j, `interval` takes the inversion's first evaluation of the same interval,
 * which was at t_{j−1} (as in RF-Solver-Edit); `time` takes the one at t_j, which began the inversion's next interval.
 */
export type Pairing = "interval" | "time";

export type SourcePoint = (point: EvaluationPoint) => EvaluationPoint;

/**
 * Follows the rule of `pairing` if both passes have the same steps and the inversion made that evaluation. Otherwise, with
 * another number of steps or at the start of a FireFlow edit, takes the inversion's evaluation nearest in t (of two at the
 * same distance, the one closer to the data).
 */
export function sourcePoints(edit: Pass, inversion: Pass, pairing: Pairing): SourcePoint {
  const made = evaluationsOf(inversion, "inversion").sort((a, b) => a.t - b.t);
  const sameSteps = String(edit.timesteps) === String(inversion.timesteps);
  const pairs = new Map<string, EvaluationPoint>();
  for (const { point, t } of evaluationsOf(edit, "edit")) {
    const later = pairing === "time" && point.half === "first" ? 1 : 0;
    const ruled = { ...point, interval: point.interval + later };
    const there = sameSteps && made.some((source) => keyOf(source.point) === keyOf(ruled));
    const nearest = made.reduce((best, next) => (Math.abs(next.t - t) < Math.abs(best.t - t) ? next : best));
    pairs.set(keyOf(point), there ? ruled : nearest.point);
  }
  return (point) => pairs.get(keyOf(point)) ?? point;
}

/** Without inversion: the source at exactly the same t. t_j begins interval j + 1. */
export const sameTime: SourcePoint = (point) =>
  point.half === "first" ? { ...point, interval: point.interval + 1 } : point;

export const keyOf = ({ interval, half }: EvaluationPoint): string => `${interval} ${half}`;
