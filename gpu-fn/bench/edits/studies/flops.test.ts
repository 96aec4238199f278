import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/builder.ts";
import { DeclaredWeights } from "./declared-weights.ts";
import { arithmeticOf } from "./flops.ts";
import { readGraph } from "./onnx-graph.ts";
import { shapesOf } from "./onnx-shapes.ts";

const build = (make: (g: GraphBuilder) => void) => {
  const g = new GraphBuilder("small", new DeclaredWeights());
  make(g);
  return g.build();
};

test("a 3×3 convolution with stride 2: 5 channels of 4×4 pixels, each a sum of 2·9 products", () => {
  const graph = build((g) => {
    const x = g.input("x", "float", [1, 2, 8, 8]);
    const inputs = [x, g.weight("w", [5, 2, 3, 3]), g.weight("b", [5])];
    g.output("y", g.op("Conv", inputs, { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] }), []);
  });
  const { flops, convolved } = arithmeticOf(graph, { x: [1, 2, 8, 8] });
  expect(convolved).toBe(5 * 4 * 4);
  expect(flops).toBe(2 * 80 * 18);
});

test("without padding a 3×3 convolution of 8×7 pixels gives 6×5", () => {
  const graph = build((g) => {
    const inputs = [g.input("x", "float", [1, 1, 8, 7]), g.weight("w", [1, 1, 3, 3])];
    g.output("y", g.op("Conv", inputs, { kernel_shape: [3, 3] }), []);
  });
  expect(arithmeticOf(graph, { x: [1, 1, 8, 7] }).convolved).toBe(30);
});

test("a linear layer 7 → 3 of 4 rows is 4·7·3 products, after a reshape with an inferred axis", () => {
  const graph = build((g) => {
    const rows = g.reshape(g.input("x", "float", [2, 2, 7]), [-1, 7]);
    g.output("y", g.op("Gemm", [rows, g.weight("w", [3, 7])], { transB: 1 }), []);
  });
  expect(arithmeticOf(graph, { x: [2, 2, 7] }).flops).toBe(2 * 4 * 7 * 3);
});

test("a product of [2,3,4] and [1,4,5] is 2·3·5 sums of 4, the batch broadcast", () => {
  const graph = build((g) => {
    const [a, b] = [g.input("a", "float", []), g.input("b", "float", [])];
    g.output("y", g.op("MatMul", [a, b]), []);
  });
  expect(arithmeticOf(graph, { a: [2, 3, 4], b: [1, 4, 5] }).flops).toBe(2 * 2 * 3 * 5 * 4);
});

test("attention of 6 rows of width 8 to 10: scores and their product with v, 6·10·8 each", () => {
  const graph = build((g) => {
    const [q, k, v] = ["q", "k", "v"].map((name) => g.input(name, "float", [])) as [string, string, string];
    g.output("y", g.microsoft("MultiHeadAttention", [q, k, v], { num_heads: 2 }), []);
  });
  const shapes = { q: [1, 6, 8], k: [1, 10, 8], v: [1, 10, 8] };
  expect(arithmeticOf(graph, shapes).flops).toBe(2 * 2 * 6 * 10 * 8);
});

test("shapes follow constants: a table cut to as many rows as there are ids, gathered, unsqueezed", () => {
  const graph = build((g) => {
    const ids = g.input("ids", "int32", []);
    const length = g.op("Shape", [ids], { start: 1, end: 2 });
    const rows = g.op("Slice", [g.weight("place", [77, 16]), g.ints([0]), length, g.ints([0])]);
    const gathered = g.op("Gather", [g.weight("table", [100, 16]), ids]);
    g.output("sum", g.op("Add", [gathered, rows]), []);
    g.output("wide", g.op("Unsqueeze", [rows, g.ints([1])]), []);
  });
  const shapes = shapesOf(readGraph(graph.bytes), { ids: [3, 12] });
  expect(shapes.get("sum")).toEqual([3, 12, 16]);
  expect(shapes.get("wide")).toEqual([12, 1, 16]);
});

test("an operator without a rule and an input without a shape are refused", () => {
  const graph = build((g) => g.output("y", g.op("Sin", [g.input("x", "float", [])]), []));
  expect(() => arithmeticOf(graph, { x: [1] })).toThrow("Sin");
  expect(() => arithmeticOf(graph, {})).toThrow("the input x has no shape");
});
