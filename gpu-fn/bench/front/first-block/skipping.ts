/** A transformer that skips what comes after its first block, as long as that block's output hardly moves. */
import type { Model } from "../../../src/model/model.ts";
import type { Evaluation, Transformer } from "../../../src/model/transformer.ts";
import { hardlyMoved } from "./rule.ts";
import type { OtherBlocks, SplitTransformer } from "./split.ts";

/** Evaluations, by what was computed of them; those of a pair are two. */
export interface Evaluations {
  readonly full: number;
  /** Of the first block alone. */
  readonly skipped: number;
}

/** A full evaluation, for those after it. */
interface KeptEvaluation extends OtherBlocks {
  readonly evaluation: Evaluation;
  readonly residual: Float32Array;
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);

/** Whether two evaluations are of one trajectory: the same prompt, guidance and size, and both with V fused or neither. */
function sameTrajectory(a: Evaluation, b: Evaluation): boolean {
  return (
    (a.fusion === undefined) === (b.fusion === undefined) &&
    a.latent.length === b.latent.length &&
    same(a.guidance, b.guidance) &&
    same(a.vec, b.vec) &&
    same(a.txt, b.txt)
  );
}

export interface Skipping {
  readonly transformer: Transformer;
  evaluations(): Evaluations;
}

/**
 * One edit's transformer; the next edit needs another. A skipped evaluation takes the other blocks' residual from the
 * trajectory's last full one, and with it the V that was fused there. Where V is to be recorded it gives the V of
 * that evaluation, so the first to be recorded is never skipped.
 * @param threshold relative change of the first block's residual below which the rest is skipped
 */
export function skipping(split: SplitTransformer, threshold: number): Skipping {
  const { first, others, ...about } = split;
  let kept: readonly KeptEvaluation[] = [];
  let [full, skipped] = [0, 0];
  return {
    evaluations: () => ({ full, skipped }),
    transformer: {
      ...about,
      async evaluate(evaluation) {
        const last = kept.find((one) => sameTrajectory(one.evaluation, evaluation));
        const begun = await first(evaluation, last?.rest);
        const { record = false, times } = evaluation;
        const recorded = !record || last?.evaluation.record === true;
        if (last && recorded && hardlyMoved(begun.residual, last.residual, threshold)) {
          skipped += times.length;
          return { velocity: begun.velocity, values: record ? last.values : [], trace: {} };
        }
        const done = await others(evaluation, begun);
        full += times.length;
        kept = [...kept.filter((one) => one !== last), { ...done, evaluation, residual: begun.residual }];
        return { velocity: done.velocity, values: done.values, trace: {} };
      },
    },
  };
}

/** A model for one edit whose transformer skips. */
export function skippingModel(
  model: Model,
  split: SplitTransformer,
  threshold: number,
): Pick<Skipping, "evaluations"> & { readonly model: Model } {
  const { transformer, evaluations } = skipping(split, threshold);
  return { model: { ...model, transformer: async () => transformer }, evaluations };
}
