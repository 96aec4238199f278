/** Reads floating-point tensors of any width as float32. */
import { basename } from "node:path";
import { WeightsError } from "../errors.ts";
import { readBytes, type TensorEntry } from "./header.ts";

/** Elements [start, start + count) of a float tensor. @throws WeightsError if it is not a float tensor */
export function readFloats({ file, type, offset }: TensorEntry, start: number, count: number): Float32Array {
  if (type === "F32") return new Float32Array(readBytes(file, offset + 4 * start, 4 * count).buffer);
  const halves = new Uint16Array(readBytes(file, offset + 2 * start, 2 * count).buffer);
  if (type === "BF16") {
    const raw = new Uint32Array(count);
    for (let i = 0; i < count; i++) raw[i] = (halves[i] as number) << 16;
    return new Float32Array(raw.buffer);
  }
  if (type === "F16") return Float32Array.from(halves, fromHalf);
  throw new WeightsError(`${basename(file)}: a tensor is ${type}, expected F32, F16 or BF16`);
}

/** IEEE 754 binary16. */
function fromHalf(half: number): number {
  const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
