/** Shapes of every value in a graph, from those of its inputs: rules of the operators that the small models use. */
import type { OnnxGraph, OnnxNode } from "./onnx-graph.ts";

export type Shape = readonly number[];

/** A value's shape, and its content if it is a known vector of int64. */
interface Value {
  readonly shape: Shape;
  readonly ints?: readonly number[] | undefined;
}

type Rule = (inputs: readonly Value[], node: OnnxNode) => Value;

export const volume = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

const attribute = (node: OnnxNode, name: string, otherwise: number) =>
  node.attributes.get(name)?.[0] ?? otherwise;
const intsOf = (value: Value | undefined): readonly number[] => {
  if (value?.ints === undefined) throw new RangeError("a shape depends on values that are not known");
  return value.ints;
};
const input = (inputs: readonly Value[], i: number): Value => {
  const value = inputs[i];
  if (value === undefined) throw new RangeError(`input ${i} is missing`);
  return value;
};
const size = (shape: Shape, axis: number): number => shape.at(axis) ?? 1;

/** Element by element: the first input's own shape. */
const same: Rule = (inputs) => ({ shape: input(inputs, 0).shape });

/** Sizes of two shapes side by side from the right, 1 standing for any. */
function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => Math.max(size(a, i - rank), size(b, i - rank)));
}

const RULES: Readonly<Record<string, Rule>> = {
  Add: (inputs) => ({ shape: broadcast(input(inputs, 0).shape, input(inputs, 1).shape) }),
  Cast: same,
  Gelu: same,
  Identity: same,
  LayerNormalization: same,
  LeakyRelu: same,
  MultiHeadAttention: same,
  QuickGelu: same,
  Relu: same,
  Sigmoid: same,
  Conv(inputs, node) {
    const [batch = 1, , ...picture] = input(inputs, 0).shape;
    const [channels = 1, , ...kernel] = input(inputs, 1).shape;
    const pads = node.attributes.get("pads") ?? [];
    const strides = node.attributes.get("strides") ?? [];
    const sides = picture.map((side, axis) => {
      const padded = side + (pads[axis] ?? 0) + (pads[axis + picture.length] ?? 0);
      return Math.floor((padded - (kernel[axis] ?? 1)) / (strides[axis] ?? 1)) + 1;
    });
    return { shape: [batch, channels, ...sides] };
  },
  Gemm(inputs, node) {
    const rows = size(input(inputs, 0).shape, attribute(node, "transA", 0) ? 1 : 0);
    return { shape: [rows, size(input(inputs, 1).shape, attribute(node, "transB", 0) ? 0 : 1)] };
  },
  MatMul(inputs) {
    const [a, b] = [input(inputs, 0).shape, input(inputs, 1).shape];
    return { shape: [...broadcast(a.slice(0, -2), b.slice(0, -2)), size(a, -2), size(b, -1)] };
  },
  Shape(inputs, node) {
    const { shape } = input(inputs, 0);
    const ints = shape.slice(attribute(node, "start", 0), attribute(node, "end", shape.length));
    return { shape: [ints.length], ints };
  },
  Slice(inputs) {
    const shape = [...input(inputs, 0).shape];
    const [starts, ends, axes] = [1, 2, 3].map((i) => intsOf(inputs[i])) as [number[], number[], number[]];
    axes.forEach((axis, i) => {
      shape[axis] = Math.min(ends[i] ?? 0, size(shape, axis)) - (starts[i] ?? 0);
    });
    return { shape };
  },
  Concat(inputs, node) {
    const axis = attribute(node, "axis", 0);
    const shape = [...input(inputs, 0).shape];
    shape[axis] = inputs.reduce((sum, value) => sum + size(value.shape, axis), 0);
    const known = inputs.every(({ ints }) => ints !== undefined);
    return { shape, ints: known ? inputs.flatMap((value) => intsOf(value)) : undefined };
  },
  /** Along the first axis, the only one the builders gather along. */
  Gather: (inputs) => ({ shape: [...input(inputs, 1).shape, ...input(inputs, 0).shape.slice(1)] }),
  Reshape(inputs) {
    const { shape } = input(inputs, 0);
    const wanted = intsOf(inputs[1]).map((side, axis) => (side === 0 ? size(shape, axis) : side));
    const rest = volume(shape) / volume(wanted.filter((side) => side !== -1));
    return { shape: wanted.map((side) => (side === -1 ? rest : side)) };
  },
  Unsqueeze(inputs) {
    const shape = [...input(inputs, 0).shape];
    for (const axis of [...intsOf(inputs[1])].sort((a, b) => a - b)) shape.splice(axis, 0, 1);
    return { shape };
  },
  Squeeze(inputs) {
    const axes = intsOf(inputs[1]);
    return { shape: input(inputs, 0).shape.filter((_, axis) => !axes.includes(axis)) };
  },
};

/**
 * @param inputs a shape for each of the graph's inputs
 * @throws RangeError if an operator has no rule, or a shape depends on values
 */
export function shapesOf(graph: OnnxGraph, inputs: Readonly<Record<string, Shape>>): Map<string, Shape> {
  const values = new Map<string, Value>(graph.constants);
  for (const name of graph.inputs) {
    const shape = inputs[name];
    if (shape === undefined) throw new RangeError(`the input ${name} has no shape`);
    values.set(name, { shape });
  }
  for (const node of graph.nodes) {
    const rule = RULES[node.type];
    if (rule === undefined) throw new RangeError(`no rule gives the shape of ${node.type}`);
    const value = rule(
      node.inputs.map((name) => values.get(name) ?? { shape: [] }),
      node,
    );
    for (const output of node.outputs) values.set(output, value);
  }
  return new Map([...values].map(([name, { shape }]) => [name, shape]));
}
