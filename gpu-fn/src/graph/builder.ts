/** Builds an ONNX graph node by node; weights stay in their `.safetensors` files. */
import { WeightsError } from "../errors.ts";
import type { SafetensorsType } from "../safetensors/header.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import {
  type Attributes,
  type Dimension,
  type Domain,
  ELEMENT,
  type ElementType,
  externalTensor,
  inlineTensor,
  model,
  node,
  valueInfo,
} from "./onnx.ts";

/** A finished model and the folder that its external weights are relative to. */
export interface Graph {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly weightsFolder: string;
  /** Number of operations. */
  readonly nodes: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Floating-point type of the arithmetic. The processor computes in float32, a GPU also in the others. */
export type ComputeType = "float32" | "float16" | "bfloat16";

/** Type of floating-point arrays outside a graph. */
export type KeptType = "float32" | "float16";

const WEIGHT_TYPES: Partial<Record<SafetensorsType, ComputeType>> = {
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
};
const BYTES_PER_WEIGHT = { float32: 4, float16: 2, bfloat16: 2 } as const;

export interface WeightOptions {
  /** Uses only these rows of the first axis: [from, to). Rows are contiguous, so this costs nothing. */
  readonly rows?: readonly [from: number, to: number];
  /** Reads the same bytes with this shape, for example a linear layer as a 1x1 convolution. */
  readonly as?: readonly number[];
}

export class GraphBuilder {
  readonly name: string;
  readonly weights: Weights;
  #compute: ComputeType;
  readonly #fields: Uint8Array[] = [];
  readonly #inputs: string[] = [];
  readonly #outputs: string[] = [];
  readonly #known = new Map<string, string>();
  #count = 0;
  #nodes = 0;

  constructor(name: string, weights: Weights, compute: ComputeType = "float32") {
    this.name = name;
    this.weights = weights;
    this.#compute = compute;
  }

  /** Arithmetic type of the nodes that are being added. */
  get compute(): ComputeType {
    return this.#compute;
  }

  /** Adds nodes that always compute in float32; the result is cast to the graph's type. */
  inFloat32(make: () => string): string {
    const { compute } = this;
    this.#compute = "float32";
    const exact = make();
    this.#compute = compute;
    return this.cast(exact, "float32", compute);
  }

  #fresh(hint: string): string {
    this.#count += 1;
    return `${hint}_${this.#count}`;
  }

  /**
   * Declares a graph input. Floating-point inputs are float32 outside the graph (Node has no bfloat16), or of type `kept`
   * if a result of one run is the input of another, and are cast to the compute type here.
   */
  input(
    name: string,
    type: "float" | "int32" | "int64",
    shape: readonly Dimension[],
    kept: KeptType = "float32",
  ): string {
    this.#inputs.push(name);
    this.#fields.push(valueInfo(11, name, type === "float" ? kept : type, shape));
    return type === "float" ? this.cast(name, kept, this.compute) : name;
  }

  /** Declares `value` as the graph output `name`, cast to `kept` if it is computed in another type. */
  output(name: string, value: string, shape: readonly Dimension[], kept: KeptType = "float32"): void {
    const exact = this.cast(value, this.compute, kept);
    this.#outputs.push(name);
    this.#nodes += 1;
    this.#fields.push(node("Identity", [exact], [name], {}, ""), valueInfo(12, name, kept, shape));
  }

  /** Adds a node with one output and returns its name. An input `""` means that an optional input is absent. */
  op(type: string, inputs: readonly string[], attributes: Attributes = {}, domain: Domain = ""): string {
    const [output = ""] = this.ops(1, type, inputs, attributes, domain);
    return output;
  }

  /** Adds a node with `outputs` outputs and returns their names. */
  ops(
    outputs: number,
    type: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    domain: Domain = "",
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.#fresh(type));
    this.#fields.push(node(type, inputs, names, attributes, domain));
    this.#nodes += 1;
    return names;
  }

  /** Adds a node of onnxruntime's own operator set. */
  microsoft(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.op(type, inputs, attributes, "com.microsoft");
  }

  cast(value: string, from: ElementType, to: ElementType): string {
    return from === to ? value : this.op("Cast", [value], { to: ELEMENT[to] });
  }

  /** Splits along `axis` into parts of the given sizes. */
  split(value: string, sizes: readonly number[], axis: number): string[] {
    return this.ops(sizes.length, "Split", [value, this.ints(sizes)], { axis });
  }

  /** Reshapes; 0 keeps an axis, -1 is inferred. */
  reshape(value: string, shape: readonly number[]): string {
    return this.op("Reshape", [value, this.ints(shape)]);
  }

  /** A constant int64 vector: shapes, axes, split sizes. */
  ints(values: readonly number[]): string {
    return this.tensor(`ints(${values})`, "int64", [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** A constant float32 vector, for inputs that are float32 in any compute type. */
  floats(values: readonly number[]): string {
    return this.tensor(`floats(${values})`, "float32", [values.length], Float32Array.from(values));
  }

  /** A constant scalar of the compute type. */
  scalar(value: number): string {
    const exact = this.tensor(`scalar(${value})`, "float32", [], Float32Array.of(value));
    return this.#inComputeType(exact, "float32");
  }

  /** A constant vector of ones of the compute type, for normalisations without a scale. */
  ones(length: number): string {
    const exact = this.tensor(`ones(${length})`, "float32", [length], new Float32Array(length).fill(1));
    return this.#inComputeType(exact, "float32");
  }

  /** A constant vector of zeros of the compute type. */
  zeros(length: number): string {
    const exact = this.tensor(`zeros(${length})`, "float32", [length], new Float32Array(length));
    return this.#inComputeType(exact, "float32");
  }

  /** A tensor stored in the graph itself. If the name already exists, it is assumed to be the same tensor. */
  tensor(
    name: string,
    type: ElementType,
    shape: readonly number[],
    data: Float32Array | BigInt64Array | Int8Array,
  ): string {
    return this.#once(name, () => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      this.#fields.push(inlineTensor(name, type, shape, bytes));
      return name;
    });
  }

  /**
   * The weight `name` of the expected shape, as an initializer that refers to its bytes in the file. Weights
   * stored in another type than the compute type are cast (the session does this once, when it opens).
   * Throws WeightsError if the tensor is missing, has another shape or is not floating-point.
   */
  weight(name: string, shape: readonly number[], options: WeightOptions = {}): string {
    const entry = this.weights.expect(name, shape);
    const type = WEIGHT_TYPES[entry.type];
    if (!type) throw new WeightsError(`tensor "${name}" is ${entry.type}, expected F32, F16 or BF16`);
    const [from, to] = options.rows ?? [0, shape[0] ?? 1];
    const rowBytes = entry.length / Math.max(shape[0] ?? 1, 1);
    const rowsShape = options.as ?? [to - from, ...shape.slice(1)];
    const key = `${name}[${from}:${to}](${rowsShape})`;
    const stored = this.#once(key, () => {
      const length = rowsShape.reduce((product, size) => product * size, BYTES_PER_WEIGHT[type]);
      const offset = entry.offset + from * rowBytes;
      this.#fields.push(externalTensor(key, type, rowsShape, this.weights.location(entry), offset, length));
      return key;
    });
    return this.#inComputeType(stored, type);
  }

  #inComputeType(value: string, type: ComputeType): string {
    return this.#once(`${value}:${this.compute}`, () => this.cast(value, type, this.compute));
  }

  /** Rows [from, to) of a U8 tensor, unchanged. Throws WeightsError for another type or shape. */
  bytes(name: string, shape: readonly number[], [from, to]: readonly [number, number]): string {
    const entry = this.weights.expect(name, shape);
    if (entry.type !== "U8") throw new WeightsError(`tensor "${name}" is ${entry.type}, expected U8`);
    const key = `${name}[${from}:${to}]`;
    return this.#once(key, () => {
      const row = entry.length / Math.max(shape[0] ?? 1, 1);
      const location = this.weights.location(entry);
      const span = [entry.offset + from * row, (to - from) * row] as const;
      this.#fields.push(externalTensor(key, "uint8", [to - from, ...shape.slice(1)], location, ...span));
      return key;
    });
  }

  #once(key: string, make: () => string): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }

  /** The finished graph. */
  build(): Graph {
    return {
      name: this.name,
      bytes: model(this.name, this.#fields),
      weightsFolder: this.weights.folder,
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }
}
