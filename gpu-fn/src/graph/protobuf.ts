/**
 * The few protocol buffers wire types that an ONNX file uses. Each function returns one encoded field;
 * `concat` of fields is a message. https://protobuf.dev/programming-guides/encoding/
 */

const utf8 = new TextEncoder();

/** Joins encoded parts into one byte string. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function varint(value: bigint): number[] {
  let rest = BigInt.asUintN(64, value);
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

function tag(field: number, wireType: number): number[] {
  return varint(BigInt(field * 8 + wireType));
}

/** An int32, int64 or enum field; negative numbers take ten bytes, as the format requires. */
export function int(field: number, value: number | bigint): Uint8Array {
  return Uint8Array.from([...tag(field, 0), ...varint(BigInt(value))]);
}

/** A float field: four bytes, little endian. */
export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([Uint8Array.from(tag(field, 5)), bytes]);
}

/** A bytes field, or a sub-message that is already encoded. */
export function bytes(field: number, value: Uint8Array): Uint8Array {
  return concat([Uint8Array.from([...tag(field, 2), ...varint(BigInt(value.length))]), value]);
}

/** A string field. */
export function text(field: number, value: string): Uint8Array {
  return bytes(field, utf8.encode(value));
}

/** A sub-message made of encoded fields. */
export function message(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return bytes(field, concat(parts));
}
