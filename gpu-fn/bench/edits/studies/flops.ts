/** Arithmetic of a built graph. FLOP = 2 · MAC (docs/algorithm.md section 7). */
import type { Graph } from "../../../src/graph/builder.ts";
import { type OnnxNode, readGraph } from "./onnx-graph.ts";
import { type Shape, shapesOf, volume } from "./onnx-shapes.ts";

/** Multiply-accumulates of a node, from its inputs' and its output's shapes; other operators count as none. */
const MACS: Readonly<Record<string, (inputs: readonly Shape[], output: Shape, node: OnnxNode) => number>> = {
  /** Each output value sums over a kernel. */
  Conv: ([, kernel = []], output) => volume(output) * volume(kernel.slice(1)),
  Gemm: ([a = []], output, { attributes }) =>
    volume(output) * (a[attributes.get("transA")?.[0] ? 0 : 1] ?? 1),
  MatMul: ([a = []], output) => volume(output) * (a.at(-1) ?? 1),
  /** Scores q·kᵀ and their product with v, all heads together; a causal mask spares nothing. */
  MultiHeadAttention: ([q = [], k = [], v = []]) => {
    const [batch = 1, rows = 1, width = 1] = q;
    return batch * rows * (k[1] ?? 1) * (width + (v[2] ?? 1));
  },
};

export interface Arithmetic {
  /** Of convolutions, linear layers, matrix products and attention. */
  readonly flops: number;
  /** Values that convolutions give: biases and activations take a few operations for each, which are not counted. */
  readonly convolved: number;
}

/** @param inputs a shape for each of the graph's inputs @throws RangeError if an operator has no rule */
export function arithmeticOf(graph: Graph, inputs: Readonly<Record<string, Shape>>): Arithmetic {
  const onnx = readGraph(graph.bytes);
  const shapes = shapesOf(onnx, inputs);
  const shape = (name = "") => shapes.get(name) ?? [];
  let [macs, convolved] = [0, 0];
  for (const node of onnx.nodes) {
    const output = shape(node.outputs[0]);
    macs += MACS[node.type]?.(node.inputs.map(shape), output, node) ?? 0;
    if (node.type === "Conv") convolved += volume(output);
  }
  return { flops: 2 * macs, convolved };
}
