/** Messages over a pipe: a JSON head followed by parts of plain bytes, whose lengths come before the head. */

/** Most bytes of a head, and most parts that follow it. */
const HEAD_MAX = 4_096;
const PARTS_MAX = 4;

/** The other side does not follow the message format. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/**
 * The buffers to write for a message, in order: as u32 (little endian) the head's length, the number of parts and each
 * part's length; then the head; then the parts themselves, not copied.
 */
export function frameOf(head: unknown, parts: readonly Uint8Array[]): Uint8Array[] {
  const text = Buffer.from(JSON.stringify(head));
  const numbers = [text.length, parts.length, ...parts.map(({ length }) => length)];
  const prefix = Buffer.alloc(4 * numbers.length);
  for (const [i, number] of numbers.entries()) prefix.writeUInt32LE(number, 4 * i);
  return [prefix, text, ...parts];
}

/** Assembles messages from the chunks of a pipe. Each part has its own memory. */
export class FrameReader {
  readonly #largest: number;
  readonly #onFrame: (head: unknown, parts: Uint8Array[]) => void;
  #target = new Uint8Array(8);
  #filled = 0;
  #step: "count" | "lengths" | "bytes" = "count";
  #pieces: Uint8Array[] = [];
  #lengths: number[] = [];
  #headLength = 0;

  /** @param largest most bytes of a part */
  constructor(largest: number, onFrame: (head: unknown, parts: Uint8Array[]) => void) {
    this.#largest = largest;
    this.#onFrame = onFrame;
  }

  /** @throws FrameError */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + this.#target.length - this.#filled);
      this.#target.set(taken, this.#filled);
      this.#filled += taken.length;
      at += taken.length;
      while (this.#filled === this.#target.length) this.#advance();
    }
  }

  /** Moves on to the next field once the expected bytes are complete. */
  #advance(): void {
    if (this.#step === "count") this.#readCount();
    else if (this.#step === "lengths") this.#readLengths();
    else this.#readPiece();
  }

  #readCount(): void {
    const [head = 0, parts = 0] = numbersOf(this.#target);
    if (head === 0 || head > HEAD_MAX || parts > PARTS_MAX) throw new FrameError("the head is too long");
    this.#headLength = head;
    this.#expect("lengths", 4 * parts);
  }

  #readLengths(): void {
    this.#lengths = numbersOf(this.#target);
    if (this.#lengths.some((length) => length > this.#largest)) throw new FrameError("a part is too long");
    this.#expect("bytes", this.#headLength);
  }

  #readPiece(): void {
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

  #expect(step: "count" | "lengths" | "bytes", length: number): void {
    this.#step = step;
    this.#target = new Uint8Array(length);
    this.#filled = 0;
  }
}

function numbersOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}

function parsed(head: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(head));
  } catch (cause) {
    throw new FrameError("the head is not JSON", { cause });
  }
}
