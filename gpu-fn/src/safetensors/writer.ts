/** Writes the header of a `.safetensors` file: https://huggingface.co/docs/safetensors */

/** A tensor of the file; tensors are listed in the order of their bytes. */
export interface TensorClaim {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Length in bytes. */
  readonly length: number;
}

/** Length and JSON, padded so that the data begins at a multiple of 64 bytes. */
export function encodeHeader(tensors: readonly TensorClaim[]): Buffer {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const { name, dtype, shape, length } of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + length] };
    offset += length;
  }
  const json = JSON.stringify(header);
  const bytes = Buffer.byteLength(json);
  const text = Buffer.from(json + " ".repeat((64 - ((8 + bytes) % 64)) % 64));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text]);
}
