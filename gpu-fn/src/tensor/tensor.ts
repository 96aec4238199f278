/** Values of a feature that one run outputs and another takes as input: float32, or the bits of float16. */
export type FeatureArray = Float32Array | Uint16Array;

/** A dense array in row-major order. */
export interface Tensor {
  readonly data: FeatureArray | Int32Array | BigInt64Array;
  readonly shape: readonly number[];
}

/** Inputs of a graph by name. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** V of the last m single blocks, [rows, width] each, followed by their K if the transformer was opened with keys. */
export type Values = readonly FeatureArray[];

/** What is kept from an evaluation: V for Eq. 15, or K and V of the image's tokens in all blocks. */
export type Recording = "values" | "background";
