/** Reads back what `gpu-fn/src/graph` writes: nodes, inputs and constants of an ONNX file (onnx/onnx.proto3). */

/** A field of a message: a varint as a number, bytes as they are. */
type Field = readonly [field: number, value: number | Uint8Array];

/** Wire types of protocol buffers (https://protobuf.dev/programming-guides/encoding/). */
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

function fieldsOf(message: Uint8Array): Field[] {
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  const bytes = (length: number): Uint8Array => {
    at += length;
    return message.subarray(at - length, at);
  };
  const fields: Field[] = [];
  while (at < message.length) {
    const tag = varint();
    const [field, type] = [tag >> 3, tag & 7];
    if (type === VARINT) fields.push([field, varint()]);
    else if (type === BYTES) fields.push([field, bytes(varint())]);
    else if (type === FIXED_32) fields.push([field, bytes(4)]);
    else if (type === FIXED_64) fields.push([field, bytes(8)]);
    else throw new RangeError(`an ONNX file has no wire type ${type}`);
  }
  return fields;
}

const utf8 = new TextDecoder();
const all = (fields: readonly Field[], wanted: number) =>
  fields.flatMap(([field, value]) => (field === wanted ? [value] : []));
const messages = (fields: readonly Field[], wanted: number) =>
  all(fields, wanted).map((value) => fieldsOf(value as Uint8Array));
const texts = (fields: readonly Field[], wanted: number) =>
  all(fields, wanted).map((value) => utf8.decode(value as Uint8Array));
const text = (fields: readonly Field[], wanted: number) => texts(fields, wanted)[0] ?? "";
const numbers = (fields: readonly Field[], wanted: number) => all(fields, wanted) as number[];

export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole-number attributes, a single one as a list of one; others are no matter of shapes. */
  readonly attributes: ReadonlyMap<string, readonly number[]>;
}

export interface OnnxConstant {
  readonly shape: readonly number[];
  /** Its values, if they are int64 and stand in the file. */
  readonly ints: readonly number[] | undefined;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly string[];
  readonly constants: ReadonlyMap<string, OnnxConstant>;
}

const INT64 = 7;

/** @param bytes a ModelProto */
export function readGraph(bytes: Uint8Array): OnnxGraph {
  const [graph = []] = messages(fieldsOf(bytes), 7);
  return {
    nodes: messages(graph, 1).map((node) => ({
      type: text(node, 4),
      inputs: texts(node, 1),
      outputs: texts(node, 2),
      attributes: new Map(
        messages(node, 5).map((attribute) => [
          text(attribute, 1),
          [...numbers(attribute, 3), ...numbers(attribute, 8)],
        ]),
      ),
    })),
    inputs: messages(graph, 11).map((input) => text(input, 1)),
    constants: new Map(messages(graph, 5).map((tensor) => [text(tensor, 8), constant(tensor)])),
  };
}

function constant(tensor: readonly Field[]): OnnxConstant {
  const [raw] = all(tensor, 9) as Uint8Array[];
  const isInts = numbers(tensor, 2)[0] === INT64 && raw !== undefined;
  // A copy: the values need not stand at a multiple of eight bytes in the file.
  return {
    shape: numbers(tensor, 1),
    ints: isInts ? [...new BigInt64Array(raw.slice().buffer)].map(Number) : undefined,
  };
}
