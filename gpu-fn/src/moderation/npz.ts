import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { WeightsError } from "../errors.ts";

export interface NpyArray {
  readonly data: Float32Array | Uint8Array;
  readonly shape: readonly number[];
}

const TYPES: Readonly<Record<string, (bytes: Uint8Array) => NpyArray["data"]>> = {
  // a copy, because a view of four-byte numbers must start at a multiple of four
  "<f4": (bytes) => new Float32Array(new Uint8Array(bytes).buffer),
  "|u1": (bytes) => bytes,
};

/** Arrays of a NumPy archive by name; types other than float32 and uint8 are left out. @throws WeightsError */
export async function readNpz(path: string): Promise<ReadonlyMap<string, NpyArray>> {
  const files = unzipSync(await readFile(path));
  const arrays = new Map<string, NpyArray>();
  for (const [name, bytes] of Object.entries(files)) {
    const array = arrayOf(bytes, `${path}: ${name}`);
    if (array !== null) arrays.set(name.replace(/\.npy$/, ""), array);
  }
  return arrays;
}

/** NumPy's format, version 1: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
function arrayOf(bytes: Uint8Array, name: string): NpyArray | null {
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  if (text(1, 6) !== "NUMPY" || bytes[6] !== 1) throw new WeightsError(`${name} is no NumPy array`);
  const end = 10 + ((bytes[8] ?? 0) | ((bytes[9] ?? 0) << 8));
  const header = text(10, end);
  const [, type = ""] = /'descr': '([^']+)'/.exec(header) ?? [];
  const [, sizes = ""] = /'shape': \(([^)]*)\)/.exec(header) ?? [];
  if (!header.includes("'fortran_order': False")) throw new WeightsError(`${name} is not in row-major order`);
  const read = TYPES[type];
  if (read === undefined) return null;
  const shape = sizes.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  const data = read(bytes.subarray(end));
  if (data.length !== shape.reduce((product, size) => product * size, 1))
    throw new WeightsError(`${name} has not as many values as its header says`);
  return { data, shape };
}
