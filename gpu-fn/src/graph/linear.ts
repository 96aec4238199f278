/** Linear layers in a graph, with weights as they are, or in eight bits if a file has them so. */
import type { GraphBuilder } from "./builder.ts";

/** A linear layer, or some rows of one that is stored fused. `out` counts the rows of the stored layer. */
export interface Linear {
  readonly name: string;
  readonly out: number;
  readonly in: number;
  readonly rows?: readonly [from: number, to: number];
  readonly bias: boolean;
}

/**
 * Eight-bit weights in the format of onnxruntime's MatMulNBits: along each row, blocks of `in / block` values
 * w ≈ (q − 128) · scale, with q in 0..255 (its default zero point). `accuracy_level` 4 lets the processor quantise
 * the activations too.
 */
export const INT8 = { bits: 8, zero: 128, arithmetic: { accuracy_level: 4 } } as const;

/** Names of a weight's eight-bit values, U8 [out, in / block, block], and of its scales [out, in / block]. */
export function quantisedNames(weight: string): { values: string; scales: string } {
  return { values: `${weight}.int8`, scales: `${weight}.int8_scale` };
}

/**
 * x Wᵀ + b of rows [n, in]. Uses the weight in eight bits if a file has it. Throws
 * WeightsError if the tensors do not match the layer.
 */
export function linear(g: GraphBuilder, x: string, layer: Linear): string {
  const { name, out, in: inputs, rows = [0, out] } = layer;
  const bias = () => g.weight(`${name}.bias`, [out], { rows });
  const quantised = quantisedNames(`${name}.weight`);
  if (!g.weights.has(quantised.values)) {
    const weight = g.weight(`${name}.weight`, [out, inputs], { rows });
    return g.op("Gemm", layer.bias ? [x, weight, bias()] : [x, weight], { transB: 1 });
  }
  const block = g.weights.get(quantised.values).shape[2] ?? 1;
  const values = g.bytes(quantised.values, [out, inputs / block, block], rows);
  const scales = g.weight(quantised.scales, [out, inputs / block], { rows });
  const size = { K: inputs, N: rows[1] - rows[0], bits: INT8.bits, block_size: block };
  const product = g.microsoft("MatMulNBits", [x, values, scales], { ...size, ...INT8.arithmetic });
  return layer.bias ? g.op("Add", [product, bias()]) : product;
}
