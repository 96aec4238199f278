import type { FluxConfig } from "../../src/graph/flux-config.ts";

/**
 * Floating-point operations of one evaluation, two a multiply-add: in each block 2 · 3 · (2 + mlp) D² a token in the
 * linear layers (24 D² at mlp_ratio 4) and 4 L² D in attention, L all tokens. Layers outside of the blocks and those
 * of the modulation are less than a thousandth and left out.
 */
export function evaluationFlops(config: FluxConfig, imageTokens: number, textTokens: number): number {
  const { hidden_size: width, mlp_ratio: mlp, depth, depth_single_blocks: single } = config;
  const tokens = imageTokens + textTokens;
  const linear = 2 * (4 + 2 * mlp) * width ** 2 * tokens;
  return (depth + single) * (linear + 4 * tokens ** 2 * width);
}

export interface EvaluationTimes {
  readonly plain: number;
  readonly recorded: number;
  readonly injected: number;
  readonly paired: number;
}

/** Milliseconds of an edit's evaluations by the paper's schedule, N = 30 and T = 3, two a step, on either path of V. */
export function paperSchedule({ plain, recorded, injected, paired }: EvaluationTimes) {
  const [structured, detailed] = [2 * 3, 2 * 27];
  return {
    cache: structured * plain + detailed * recorded + structured * plain + detailed * injected,
    paired: 2 * 30 * plain + structured * plain + detailed * paired,
  };
}
