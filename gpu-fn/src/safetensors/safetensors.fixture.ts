/** For tests: writes valid and invalid `.safetensors` files. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Weights } from "./safetensors.ts";

export interface TensorBytes {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Writes `header` as it is, before `data`; `length` overrides the stated length. Returns the path. */
export function writeRaw(
  header: string | Uint8Array,
  data: Uint8Array = new Uint8Array(),
  length?: bigint,
): string {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const claim = new DataView(new ArrayBuffer(8));
  claim.setBigUint64(0, length ?? BigInt(text.length), true);
  const path = join(mkdtempSync(join(tmpdir(), "weights-")), "weights.safetensors");
  writeFileSync(path, Buffer.concat([new Uint8Array(claim.buffer), text, data]));
  return path;
}

/** Writes a valid file. Returns its path. */
export function writeTensors(tensors: Readonly<Record<string, TensorBytes>>): string {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  return writeRaw(JSON.stringify(header), Buffer.concat(Object.values(tensors).map(({ bytes }) => bytes)));
}

/** Writes every float32 tensor of `weights`, changed by `change` and stored as `dtype`. Returns the path. */
export function rewriteTensors(
  weights: Weights,
  dtype: string,
  change: (values: Float32Array) => Uint8Array,
): string {
  const tensors: Record<string, TensorBytes> = {};
  for (const name of weights.names()) {
    const { data, shape } = weights.read(name);
    tensors[name] = { dtype, shape, bytes: change(Float32Array.from(data)) };
  }
  return writeTensors(tensors);
}
