import type { KeptType } from "./builder.ts";

/** Features that a single block's attention reads: values, and keys after norm and RoPE. */
export type Feature = "v" | "k";

/** Which features and rows of a block are fused. */
export interface FusedFeatures {
  /** Only V, or also K after norm and RoPE (`k_src.<block>`, `k.<block>`), so that queries meet the source's tokens. */
  readonly features: readonly Feature[];
  /** Only the image's rows, or the prompt's too. */
  readonly rows: "image" | "all";
}

/** Eq. 15: V of the image's rows. */
export const IMAGE_VALUES: FusedFeatures = { features: ["v"], rows: "image" };

export interface ValueOptions {
  /** Number of last single blocks that can be fused; each evaluation says how many are (m). */
  readonly blocks: number;
  /**
   * `cache`: source features are inputs `v_src.<block>` and outputs `v.<block>`. `paired`: they are those of batch
   * row 0, mixed into row 1; nothing leaves the graph. With one row it is the plain transformer. `background`: like
   * `cache`, and K and V of the tokens that are not computed are inputs of every block (`openBackground`).
   */
  readonly source: "cache" | "paired" | "background";
  /** Type in which features leave and enter the graph; half as wide if the arithmetic is. */
  readonly kept?: KeptType;
  /** Features and rows other than the paper's, for baselines. Default: V of the image's rows. */
  readonly fused?: FusedFeatures;
}
