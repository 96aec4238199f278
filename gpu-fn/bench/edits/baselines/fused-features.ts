/** What the baselines take from the source in place of the paper's V of the image's rows. */
import type { FusedFeatures } from "../../../src/graph/fusion-options.ts";

/** RF-Solver-Edit: V of the prompt's rows too. */
export const ALL_VALUES: FusedFeatures = { features: ["v"], rows: "all" };

/** MasaCtrl: K beside V, which is mutual self-attention where M = 0 (arXiv 2304.08465, Algorithm 1). */
export const KEYS_AND_VALUES: FusedFeatures = { features: ["v", "k"], rows: "image" };
