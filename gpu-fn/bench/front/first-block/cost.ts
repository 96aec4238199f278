/** What a schedule with first-block caching costs, and the FireFlow schedule of the same cost. */
import { type Entry, entryOf } from "../grid.ts";
import type { Evaluations } from "./skipping.ts";

/** FLUX.1-dev: 19 double and 38 single blocks, each of the same arithmetic (algorithm.md section 7). */
export const DEV_BLOCKS = 57;

/** In evaluations of the whole transformer: a skipped one has only the first of the blocks. */
export function costOf({ full, skipped }: Evaluations, blocks = DEV_BLOCKS): number {
  return full + skipped / blocks;
}

/** FireFlow takes two evaluations in a pass of one step. */
const LEAST = 4;

/**
 * FireFlow with as many steps as cost no more: floor(cost) evaluations, shared evenly by both passes, the odd one to
 * the edit; T a tenth of the edit's steps, 1 at least.
 * @throws RangeError for a cost below the 4 evaluations of one step a pass
 */
export function fireflowAtCost(cost: number): Entry {
  const evaluations = Math.floor(cost);
  if (evaluations < LEAST) throw new RangeError(`FireFlow takes ${LEAST} evaluations or more, not ${cost}`);
  const steps = Math.ceil(evaluations / 2) - 1;
  const inversion = Math.floor(evaluations / 2) - 1;
  return entryOf({
    solver: "fireflow",
    steps,
    structuring_steps: Math.max(1, Math.round(steps / 10)),
    ...(inversion !== steps && { inversion_steps: inversion }),
  });
}
