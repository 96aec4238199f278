/** Switches of the engine's request for the paper's ablations (Table 3, Figure 8). The API does not expose them. */
import type { Pairing } from "../method/pairing.ts";
import type { EditPath } from "./value-path.ts";

export interface Ablation {
  /** Structuring (Eq. 13). */
  readonly latent_fusion: boolean;
  /** Detailing (Eq. 15). */
  readonly value_fusion: boolean;
  /** soft: as PASL gives it; hard: thresholded at 0.5; none: M = 0 everywhere, fusion over the whole map. */
  readonly mask: "soft" | "hard" | "none";
  readonly pairing: Pairing;
  /**
   * cache: V is recorded in the inversion; paired: source and target share a batch and nothing is recorded; background: K
   * and V are recorded, and the edit computes only the mask's tokens. Absent: the schedule's path, or the model's for its
   * device.
   */
  readonly value_path?: EditPath;
  /** none: no pass over the source, whose path is the straight line of Eq. 10 to a fixed noise. */
  readonly inversion: "rf" | "none";
}

/** S2D-EC as published. */
export const METHOD: Ablation = {
  latent_fusion: true,
  value_fusion: true,
  mask: "soft",
  pairing: "interval",
  inversion: "rf",
};
