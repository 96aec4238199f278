/** What a prompt gives the transformer, by both text encoders. */
export interface Conditioning {
  /** T5 tokens [S, context_in_dim]. */
  readonly txt: Float32Array;
  /** Pooled CLIP vector [vec_in_dim]. */
  readonly vec: Float32Array;
}

/** The same with the scale at which it is followed. */
export interface Condition extends Conditioning {
  readonly guidance: number;
}
