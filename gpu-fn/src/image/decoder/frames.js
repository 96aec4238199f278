/** Messages over a pipe: a head in JSON, and parts of plain bytes after it whose lengths the head's frame names. */
/** Most bytes of a head, and most parts after it. */
const HEAD_MAX = 4096;
const PARTS_MAX = 4;
/** The other side does not keep to the form. */
export class FrameError extends Error {
  name = "FrameError";
}
/**
 * A message as what is to be written, one after the other: u32 numbers (little endian) of the head's length, of how many
 * parts there are, and of each part's length; the head; the parts themselves, not copied.
 */
export function frameOf(head, parts) {
  const text = Buffer.from(JSON.stringify(head));
  const numbers = [text.length, parts.length, ...parts.map(({ length }) => length)];
  const prefix = Buffer.alloc(4 * numbers.length);
  for (const [i, number] of numbers.entries()) prefix.writeUInt32LE(number, 4 * i);
  return [prefix, text, ...parts];
}
/** Puts messages together from the chunks of a pipe; each part comes in memory of its own. */
export class FrameReader {
  #largest;
  #onFrame;
  #target = new Uint8Array(8);
  #filled = 0;
  #step = "count";
  #pieces = [];
  #lengths = [];
  #headLength = 0;
  /** @param largest most bytes of a part */
  constructor(largest, onFrame) {
    this.#largest = largest;
    this.#onFrame = onFrame;
  }
  /** @throws FrameError */
  push(chunk) {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + this.#target.length - this.#filled);
      this.#target.set(taken, this.#filled);
      this.#filled += taken.length;
      at += taken.length;
      while (this.#filled === this.#target.length) this.#advance();
    }
  }
  /** What was expected is there: on to the next. */
  #advance() {
    if (this.#step === "count") this.#readCount();
    else if (this.#step === "lengths") this.#readLengths();
    else this.#readPiece();
  }
  #readCount() {
    const [head = 0, parts = 0] = numbersOf(this.#target);
    if (head === 0 || head > HEAD_MAX || parts > PARTS_MAX) throw new FrameError("the head is too long");
    this.#headLength = head;
    this.#expect("lengths", 4 * parts);
  }
  #readLengths() {
    this.#lengths = numbersOf(this.#target);
    if (this.#lengths.some((length) => length > this.#largest)) throw new FrameError("a part is too long");
    this.#expect("bytes", this.#headLength);
  }
  #readPiece() {
    this.#pieces.push(this.#target);
    const next = this.#lengths[this.#pieces.length - 1];
    if (next !== undefined) {
      this.#expect("bytes", next);
      return;
    }
    const [head = new Uint8Array(), ...parts] = this.#pieces;
    this.#pieces = [];
    this.#expect("count", 8);
    this.#onFrame(parsed(head), parts);
  }
  #expect(step, length) {
    this.#step = step;
    this.#target = new Uint8Array(length);
    this.#filled = 0;
  }
}
function numbersOf(bytes) {
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
function parsed(head) {
  try {
    return JSON.parse(new TextDecoder().decode(head));
  } catch (cause) {
    throw new FrameError("the head is not JSON", { cause });
  }
}
