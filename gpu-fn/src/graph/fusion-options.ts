import type { KeptType } from "./builder.ts";

/** What a single block's attention reads from the tokens: values, and keys as they are after norm and RoPE. */
export type Feature = "v" | "k";

/** What of a block is fused. */
export interface FusedFeatures {
  /** V alone, or K beside it, after norm and RoPE (`k_src.<block>`, `k.<block>`): queries then meet the source's tokens. */
  readonly features: readonly Feature[];
  /** The image's rows alone, or the prompt's too. */
  readonly rows: "image" | "all";
}

/** Eq. 15: V of the image's rows. */
export const IMAGE_VALUES: FusedFeatures = { features: ["v"], rows: "image" };

export interface ValueOptions {
  /** The last so many single blocks can be fused; an evaluation says how many are (m). */
  readonly blocks: number;
  /**
   * `cache`: source features come in as inputs `v_src.<block>` and go out as outputs `v.<block>`. `paired`: they
   * are those of batch row 0, mixed into row 1; nothing leaves the graph. With one row it is the plain transformer.
   * `background`: as `cache`, and K and V of tokens that are not computed come in, in every block (`openBackground`).
   */
  readonly source: "cache" | "paired" | "background";
  /** Type in which features leave the graph and come back; half as wide where the arithmetic is. */
  readonly kept?: KeptType;
  /** Other features and rows than the paper's: baselines bring theirs. Default: V of the image's rows. */
  readonly fused?: FusedFeatures;
}
