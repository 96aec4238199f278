/** What the transformer receives of a prompt, from both text encoders. */
export interface Conditioning {
  /** T5 tokens [S, context_in_dim]. */
  readonly txt: Float32Array;
  /** Pooled CLIP vector [vec_in_dim]. */
  readonly vec: Float32Array;
}

/** The same with a guidance scale. */
export interface Condition extends Conditioning {
  readonly guidance: number;
}
