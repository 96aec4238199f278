/**
 * The header of one `.safetensors` file. It is not trusted: every claim is checked against the file before a graph
 * points into it. Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, data).
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { WeightsError } from "../errors.ts";

/** As in the reference implementation: a larger header is an attack, not a model. */
const MAX_HEADER_BYTES = 100_000_000;

const BYTES_PER_ELEMENT = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type SafetensorsType = keyof typeof BYTES_PER_ELEMENT;

/** Where one tensor's bytes are. `offset` counts from the start of `file`. */
export interface TensorEntry {
  readonly file: string;
  readonly type: SafetensorsType;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** Reads the header. Throws WeightsError, one line, for anything that is not well formed. */
export function readHeader(file: string): Map<string, TensorEntry> {
  const name = basename(file);
  const size = fileSize(file);
  if (size < 8) throw new WeightsError(`${name}: not a safetensors file (${size} bytes)`);
  const headerBytes = new DataView(readBytes(file, 0, 8).buffer).getBigUint64(0, true);
  if (headerBytes > BigInt(Math.min(MAX_HEADER_BYTES, size - 8))) {
    throw new WeightsError(`${name}: header of ${headerBytes} bytes does not fit the file (${size} bytes)`);
  }
  const dataStart = 8 + Number(headerBytes);
  const header = parseHeader(name, readBytes(file, 8, Number(headerBytes)));
  const tensors = new Map<string, TensorEntry>();
  for (const [tensor, claim] of Object.entries(header)) {
    if (tensor === "__metadata__") continue;
    const entry = checkEntry(`${name}: tensor "${printable(tensor)}"`, claim, size - dataStart);
    tensors.set(tensor, { ...entry, file, offset: dataStart + entry.offset });
  }
  refuseOverlaps(name, tensors);
  return tensors;
}

function parseHeader(name: string, bytes: Uint8Array): Record<string, unknown> {
  let json: string;
  let header: unknown;
  try {
    json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(json);
  } catch (cause) {
    throw new WeightsError(`${name}: the header is not JSON`, { cause });
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw new WeightsError(`${name}: the header is not a JSON object`);
  }
  const duplicate = duplicateKey(json);
  if (duplicate !== undefined) {
    throw new WeightsError(`${name}: tensor "${printable(duplicate)}" is listed twice`);
  }
  return header as Record<string, unknown>;
}

/**
 * Finds a duplicate key at the top level of a valid JSON object; JSON.parse silently keeps the last one. Works character
 * by character, because a regular expression runs out of stack on a string of megabytes.
 */
function duplicateKey(json: string): string | undefined {
  const seen = new Set<string>();
  let [depth, isKey] = [0, true];
  for (let at = 0; at < json.length; at++) {
    const letter = json[at];
    if (letter === "{" || letter === "[") depth += 1;
    else if (letter === "}" || letter === "]") depth -= 1;
    else if (depth === 1 && (letter === ":" || letter === ",")) isKey = letter === ",";
    else if (letter === '"') {
      const end = endOfString(json, at);
      if (depth === 1 && isKey) {
        const key = JSON.parse(json.slice(at, end)) as string;
        if (seen.has(key)) return key;
        seen.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Position after the quote that closes the string at `start`, in valid JSON. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

function checkEntry(where: string, claim: unknown, dataBytes: number): Omit<TensorEntry, "file"> {
  const { dtype, shape, data_offsets } = (claim ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(BYTES_PER_ELEMENT, dtype)) {
    throw new WeightsError(
      `${where} has the unknown type ${typeof dtype === "string" ? printable(dtype) : typeof dtype}`,
    );
  }
  const type = dtype as SafetensorsType;
  if (!isCountArray(shape)) throw new WeightsError(`${where} has no valid shape`);
  if (!isCountArray(data_offsets) || data_offsets.length !== 2) {
    throw new WeightsError(`${where} has no valid data_offsets`);
  }
  const [start = 0, end = 0] = data_offsets;
  if (start > end || end > dataBytes) {
    throw new WeightsError(`${where} lies outside of the file (${start} to ${end} of ${dataBytes})`);
  }
  const length = shape.reduce((product, count) => product * count, BYTES_PER_ELEMENT[type]);
  if (length !== end - start) {
    throw new WeightsError(
      `${where} takes ${end - start} bytes, its shape [${printable(String(shape))}] ${type} needs ${length}`,
    );
  }
  return { type, shape, offset: start, length };
}

function isCountArray(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

function refuseOverlaps(name: string, tensors: ReadonlyMap<string, TensorEntry>): void {
  const byOffset = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  let end = 0;
  for (const [tensor, entry] of byOffset) {
    if (entry.offset < end) throw new WeightsError(`${name}: tensor "${printable(tensor)}" overlaps another`);
    end = entry.offset + entry.length;
  }
}

/** Makes a name from an untrusted file safe for a message: no control characters, no endless lines. */
function printable(value: string | undefined): string {
  return String(value).replaceAll(/\p{C}/gu, "?").slice(0, 120);
}

/** Reads part of a file. Throws WeightsError if the file is too short. */
export function readBytes(file: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const descriptor = openSync(file, "r");
  try {
    let done = 0;
    while (done < length) {
      const count = readSync(descriptor, bytes, done, Math.min(length - done, 1 << 30), offset + done);
      if (count === 0) throw new WeightsError(`${basename(file)}: the file ends before its data`);
      done += count;
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

function fileSize(file: string): number {
  const descriptor = openSync(file, "r");
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new WeightsError(`${basename(file)}: not a file`);
    return status.size;
  } finally {
    closeSync(descriptor);
  }
}
