import { concat, int, message, text } from "../graph/protobuf.ts";
import { fieldsOf } from "./fields.ts";

/** Fields of onnx.proto: ModelProto.graph, GraphProto.input, ValueInfoProto.name and .type. */
const [GRAPH, INPUT, NAME, TYPE] = [7, 11, 1, 2];
const FLOAT = 1;

/**
 * The model with an input of any height and width. CenterFace's file fixes both, although the network is convolutional.
 * @param input its name; it becomes float32 [batch, 3, height, width]
 */
export function withFreeSize(model: Uint8Array, input: string): Uint8Array {
  return replaced(model, GRAPH, (graph) =>
    replaced(graph, INPUT, (info) => (nameOf(info) === input ? picture(input) : info)),
  );
}

/** A message in which the content of some fields is replaced. */
function replaced(whole: Uint8Array, number: number, change: (value: Uint8Array) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const field of fieldsOf(whole))
    parts.push(
      field.number === number ? message(number, change(field.value)) : whole.subarray(field.start, field.end),
    );
  return concat(parts);
}

function nameOf(info: Uint8Array): string {
  for (const { number, value } of fieldsOf(info)) if (number === NAME) return new TextDecoder().decode(value);
  return "";
}

function picture(name: string): Uint8Array {
  const named = (dimension: string) => message(1, text(2, dimension));
  const shape = message(2, named("batch"), message(1, int(1, 3)), named("height"), named("width"));
  return concat([text(NAME, name), message(TYPE, message(1, int(1, FLOAT), shape))]);
}
