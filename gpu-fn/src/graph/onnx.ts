/** Encodes the messages of an ONNX file, field by field (onnx/onnx.proto3). */
import { bytes, concat, float, int, message, text } from "./protobuf.ts";

/** Element types by their number in TensorProto.DataType. */
export const ELEMENT = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  float16: 10,
  bfloat16: 16,
} as const;
export type ElementType = keyof typeof ELEMENT;

/** A number is a fixed dimension; a string names one that is known when the session runs. */
export type Dimension = number | string;

export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

/** Versions of the operator sets: ONNX 21 and onnxruntime's own. */
const OPSETS = { "": 21, "com.microsoft": 1 } as const;
export type Domain = keyof typeof OPSETS;

const IR_VERSION = 10;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** AttributeProto. Numbers are ints; `{float}` is a float, so that 1.0 and 1 cannot be mixed up. */
export function attribute(name: string, value: Attribute): Uint8Array {
  const named = text(1, name);
  if (typeof value === "number") return message(5, named, int(3, value), int(20, ATTRIBUTE_TYPE.int));
  if (typeof value === "string") return message(5, named, text(4, value), int(20, ATTRIBUTE_TYPE.string));
  if ("float" in value) return message(5, named, float(2, value.float), int(20, ATTRIBUTE_TYPE.float));
  return message(5, named, ...value.map((item) => int(8, item)), int(20, ATTRIBUTE_TYPE.ints));
}

/** NodeProto, as a field of GraphProto. */
export function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes,
  domain: Domain,
): Uint8Array {
  return message(
    1,
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(3, outputs[0] ?? type),
    text(4, type),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    text(7, domain),
  );
}

function tensorHead(name: string, type: ElementType, shape: readonly number[]): Uint8Array[] {
  return [...shape.map((size) => int(1, size)), int(2, ELEMENT[type]), text(8, name)];
}

/** TensorProto with its bytes in the model, as an initializer of GraphProto. */
export function inlineTensor(
  name: string,
  type: ElementType,
  shape: readonly number[],
  data: Uint8Array,
): Uint8Array {
  return message(5, ...tensorHead(name, type, shape), bytes(9, data));
}

/** TensorProto with its bytes in another file (ONNX external data), as an initializer of GraphProto. */
export function externalTensor(
  name: string,
  type: ElementType,
  shape: readonly number[],
  location: string,
  offset: number,
  length: number,
): Uint8Array {
  const entries = { location, offset: String(offset), length: String(length) };
  return message(
    5,
    ...tensorHead(name, type, shape),
    ...Object.entries(entries).map(([key, value]) => message(13, text(1, key), text(2, value))),
    int(14, 1),
  );
}

/** ValueInfoProto, as an input (field 11) or an output (field 12) of GraphProto. */
export function valueInfo(
  field: 11 | 12,
  name: string,
  type: ElementType,
  shape: readonly Dimension[],
): Uint8Array {
  const dimensions = shape.map((size) =>
    typeof size === "number" ? message(1, int(1, size)) : message(1, text(2, size)),
  );
  const tensorType = message(1, int(1, ELEMENT[type]), message(2, ...dimensions));
  return message(field, text(1, name), message(2, tensorType));
}

/** ModelProto around the encoded fields of one GraphProto. */
export function model(graphName: string, graphFields: readonly Uint8Array[]): Uint8Array {
  const opsets = Object.entries(OPSETS).map(([domain, version]) =>
    message(8, text(1, domain), int(2, version)),
  );
  return concat([
    int(1, IR_VERSION),
    text(2, "flux-sculptor"),
    message(7, ...graphFields, text(2, graphName)),
    ...opsets,
  ]);
}
