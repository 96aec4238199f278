/** Ridge regression in closed form: the linear map with a bias that is nearest to the targets, its weights kept small. */
import { GraphBuilder } from "../../src/graph/builder.ts";
import { openSession } from "../../src/model/session.ts";
import { Weights } from "../../src/safetensors/safetensors.ts";

/** `rows·columns` numbers, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** y = W·x + b. */
export interface Linear {
  /** [out, in] */
  readonly weight: Matrix;
  readonly bias: Float32Array;
}

export function matrix(
  rows: number,
  columns: number,
  fill?: (row: number, column: number) => number,
): Matrix {
  const data = new Float32Array(rows * columns);
  if (fill) for (let i = 0; i < data.length; i++) data[i] = fill(Math.floor(i / columns), i % columns);
  return { rows, columns, data };
}

/** The chosen rows. */
export function rowsOf(m: Matrix, chosen: readonly number[]): Matrix {
  const data = new Float32Array(chosen.length * m.columns);
  chosen.forEach((row, i) => {
    data.set(m.data.subarray(row * m.columns, (row + 1) * m.columns), i * m.columns);
  });
  return { rows: chosen.length, columns: m.columns, data };
}

/** W·x + b of every row: [n, out]. */
export async function applied({ weight, bias }: Linear, x: Matrix): Promise<Matrix> {
  const product = await multiplied(x, weight, { transB: 1 });
  const { columns, data } = product;
  return { ...product, data: data.map((value, i) => value + (bias[i % columns] as number)) };
}

export function relu(x: Matrix): Matrix {
  return { ...x, data: x.data.map((value) => Math.max(value, 0)) };
}

/** Mean squared error a number. */
export function errorOf(found: Matrix, wanted: Matrix): number {
  let sum = 0;
  for (let i = 0; i < found.data.length; i++)
    sum += ((found.data[i] as number) - (wanted.data[i] as number)) ** 2;
  return sum / found.data.length;
}

/** Means and products of inputs [n, in] and targets [n, out], of which ridges of any penalty are made. */
export interface Moments {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly xx: Matrix;
  readonly xy: Matrix;
}

export async function momentsOf(x: Matrix, y: Matrix): Promise<Moments> {
  const [meanX, meanY] = [meansOf(x), meansOf(y)];
  const centred = less(x, meanX);
  const xx = await multiplied(centred, centred, { transA: 1 });
  return { x: meanX, y: meanY, xx, xy: await multiplied(centred, less(y, meanY), { transA: 1 }) };
}

/** @param penalty on the weights, as share of the inputs' mean variance over all examples; above 1e-6 */
export function ridge({ x, y, xx, xy }: Moments, penalty: number): Linear {
  const n = xx.rows;
  const system = Float64Array.from(xx.data);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += system[i * n + i] as number;
  for (let i = 0; i < n; i++) system[i * n + i] = (system[i * n + i] as number) + (penalty * trace) / n;
  decompose(system, n);
  const weight = matrix(xy.columns, n);
  const bias = y.slice();
  for (let out = 0; out < xy.columns; out++) {
    const row = Float64Array.from({ length: n }, (_, i) => xy.data[i * xy.columns + out] as number);
    substitute(system, n, row);
    weight.data.set(row, out * n);
    bias[out] = row.reduce((rest, value, i) => rest - value * (x[i] as number), y[out] as number);
  }
  return { weight, bias };
}

/** Cholesky: the lower triangle of a symmetric positive definite [n, n] becomes L with L·Lᵀ. */
function decompose(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (a[i * n + k] as number) * (a[j * n + k] as number);
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / (a[j * n + j] as number);
    }
}

/** Solves L·Lᵀ·x = b in place of b. */
function substitute(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k++) sum -= (l[i * n + k] as number) * (b[k] as number);
    b[i] = sum / (l[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = (b[i] as number) / (l[i * n + i] as number);
    b[i] = value;
    for (let k = 0; k < i; k++) b[k] = (b[k] as number) - (l[i * n + k] as number) * value;
  }
}

function meansOf({ rows, columns, data }: Matrix): Float32Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < data.length; i++)
    sums[i % columns] = (sums[i % columns] as number) + (data[i] as number);
  return Float32Array.from(sums, (sum) => sum / rows);
}

function less(m: Matrix, means: Float32Array): Matrix {
  return { ...m, data: m.data.map((value, i) => value - (means[i % m.columns] as number)) };
}

/** A·B by the runtime, either of them transposed. */
async function multiplied(a: Matrix, b: Matrix, sides: { transA: 1 } | { transB: 1 }): Promise<Matrix> {
  const g = new GraphBuilder("product", new Weights("", new Map()));
  const [left, right] = [g.input("a", "float", ["n", "k"]), g.input("b", "float", ["m", "l"])];
  g.output("c", g.op("Gemm", [left, right], sides), ["i", "j"]);
  const session = await openSession(g.build());
  const tensor = ({ data, rows, columns }: Matrix) => ({ data, shape: [rows, columns] });
  const { c = new Float32Array() } = await session.run({ a: tensor(a), b: tensor(b) });
  await session.release();
  const columns = "transA" in sides ? b.columns : b.rows;
  return { rows: c.length / columns, columns, data: c };
}
