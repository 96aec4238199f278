/** For tests: ONNX files of a few nodes whose arithmetic is done by hand beside them. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GraphBuilder } from "../../../src/graph/builder.ts";
import { Weights } from "../../../src/safetensors/safetensors.ts";

export const scratch = (): string => mkdtempSync(join(tmpdir(), "bench-"));

/** Writes the graph that `build` adds to; returns its path. */
export function writeGraph(folder: string, name: string, build: (g: GraphBuilder) => void): string {
  const g = new GraphBuilder(name, new Weights(".", new Map()));
  build(g);
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, g.build().bytes);
  return path;
}

/** Mean of each channel of a picture [1, 3, side, side]: a vector of three. */
export function channelMeans(folder: string, name: string, side: number | string, output: string): string {
  return writeGraph(folder, name, (g) => {
    const pixels = g.input("pixel_values", "float", [1, 3, side, side]);
    g.output(output, g.op("ReduceMean", [pixels, g.ints([2, 3])], { keepdims: 0 }), [1, 3]);
  });
}

/** Mean absolute difference of two pictures of any size, as LPIPS gives its distance: [1, 1, 1, 1]. */
export function meanDifference(folder: string, name: string): string {
  return writeGraph(folder, name, (g) => {
    const [a, b] = ["in0", "in1"].map((input) => g.input(input, "float", [1, 3, "height", "width"]));
    const apart = g.op("Abs", [g.op("Sub", [a as string, b as string])]);
    g.output("distance", g.op("ReduceMean", [apart, g.ints([1, 2, 3])], { keepdims: 1 }), [1, 1, 1, 1]);
  });
}

/** The values of the red channel, in reading order: [1, side²]. */
export function redPixels(folder: string, name: string, side: number): string {
  return writeGraph(folder, name, (g) => {
    const picture = g.input("input", "float", [1, 3, side, side]);
    const [red] = g.split(picture, [1, 2], 1);
    g.output("output", g.reshape(red as string, [1, side * side]), [1, side * side]);
  });
}

/** Sum of one vector a token, zero where `attention_mask` is: [1, 3]. */
export function sumOfTokens(folder: string, name: string, table: readonly (readonly number[])[]): string {
  return writeGraph(folder, name, (g) => {
    const ids = g.input("input_ids", "int64", ["batch", "tokens"]);
    const mask = g.input("attention_mask", "int64", ["batch", "tokens"]);
    const rows = g.op("Gather", [g.reshape(g.floats(table.flat()), [table.length, 3]), ids]);
    const seen = g.op("Unsqueeze", [g.cast(mask, "int64", "float32"), g.ints([2])]);
    const sum = g.op("ReduceSum", [g.op("Mul", [rows, seen]), g.ints([1])], { keepdims: 0 });
    g.output("text_embeds", sum, ["batch", 3]);
  });
}

/** A square picture of one colour. */
export function plain(side: number, colour: readonly [number, number, number]): Uint8Array {
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => colour[i % 3] as number);
}
