/** One field of a protocol buffers message. https://protobuf.dev/programming-guides/encoding/ */
export interface Field {
  readonly number: number;
  /** A length-delimited field's content, a fixed field's bytes, or a varint's own bytes. */
  readonly value: Uint8Array;
  /** Position of the whole field in the message. */
  readonly start: number;
  readonly end: number;
}

/** The fields of a message in order. @throws RangeError if the bytes are not a message */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a varint has no end");
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const from = at;
    const wire = tag & 7;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = varint();
      const content = at;
      at += length;
      if (at > message.length) throw new RangeError("a field is longer than its message");
      yield { number: Math.floor(tag / 8), value: message.subarray(content, at), start, end: at };
      continue;
    } else throw new RangeError(`wire type ${wire} is not known`);
    yield { number: Math.floor(tag / 8), value: message.subarray(from, at), start, end: at };
  }
}
