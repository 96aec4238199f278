/** Linear layers with eight-bit integer products, for which processors have wider units than for float32. */
import { readFloats } from "../safetensors/floats.ts";
import type { GraphBuilder } from "./builder.ts";
import type { Linear } from "./linear.ts";

/**
 * Only seven of the eight bits are used: processors without VNNI add two products of an unsigned activation and a weight
 * in sixteen bits, which saturate above 32,767. 2 · 255 · 63 stays below, so every processor gives the same sums.
 */
const LARGEST = 63;

/**
 * x Wᵀ + b of rows [n, in] with onnxruntime's DynamicQuantizeMatMul. Weights are in eight bits with a scale per output,
 * computed here from the stored ones; activations are in eight bits with one scale for all rows, found at every run.
 * Throws WeightsError if the tensors do not match the layer.
 */
export function int8Linear(g: GraphBuilder, x: string, layer: Linear): string {
  const { name, out, in: inputs, rows = [0, out] } = layer;
  const entry = g.weights.expect(`${name}.weight`, [out, inputs]);
  const count = rows[1] - rows[0];
  const { values, scales } = quantised(readFloats(entry, rows[0] * inputs, count * inputs), count);
  const key = `${name}.weight[${rows}]`;
  const operands = [
    g.tensor(`${key}.int8`, "int8", [inputs, count], values),
    g.tensor(`${key}.int8_scale`, "float32", [count], scales),
    "",
  ];
  const bias = layer.bias ? [g.weight(`${name}.bias`, [out], { rows })] : [];
  return g.microsoft("DynamicQuantizeMatMul", [x, ...operands, ...bias]);
}

/** Rows [out, in] as columns [in, out] of −63…63, and the step size of each column. */
function quantised(weights: Float32Array, out: number): { values: Int8Array; scales: Float32Array } {
  const inputs = weights.length / out;
  const values = new Int8Array(weights.length);
  const scales = new Float32Array(out);
  for (let row = 0; row < out; row++) {
    const own = weights.subarray(row * inputs, (row + 1) * inputs);
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = largest === 0 ? 1 : largest / LARGEST;
    scales[row] = scale;
    for (let i = 0; i < inputs; i++) values[i * out + row] = Math.round((own[i] as number) / scale);
  }
  return { values, scales };
}
