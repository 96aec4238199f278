/** Copies some tensors of a large `.safetensors` file on the hub into a small file. Only their bytes are read. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { WeightsError } from "../errors.ts";
import { encodeHeader } from "../safetensors/writer.ts";
import { type HubAccess, readRange } from "./hub.ts";
import type { WantedFile } from "./sources.ts";
import { partOf } from "./unfinished.ts";

const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.int().min(0)),
    data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
  }),
);

/** Largest header in bytes; no model has a larger one. */
const LARGEST_HEADER = 25_000_000;

/** @throws WeightsError if the file has no such tensor, or is not a `.safetensors` file */
export async function extractTensors(
  file: WantedFile,
  names: readonly string[],
  path: string,
  access: HubAccess,
): Promise<void> {
  const read = async (start: number, end: number) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readRange(file, [start, end], access)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const length = Number((await read(0, 8)).readBigUInt64LE());
  if (length > LARGEST_HEADER) throw new WeightsError(`${file.path} of ${file.repo} is no safetensors file`);
  const { __metadata__, ...listed } = JSON.parse((await read(8, 8 + length)).toString("utf8"));
  const header = headerSchema.parse(listed);
  const tensors = await Promise.all(
    names.map(async (name) => {
      const found = header[name];
      if (found === undefined) throw new WeightsError(`${file.path} of ${file.repo} has no tensor "${name}"`);
      const [start, end] = found.data_offsets.map((offset) => 8 + length + offset);
      return { name, ...found, bytes: await read(start ?? 0, end ?? 0) };
    }),
  );
  await mkdir(dirname(path), { recursive: true });
  const claims = tensors.map(({ name, dtype, shape, bytes }) => ({
    name,
    dtype,
    shape,
    length: bytes.length,
  }));
  await writeFile(partOf(path), Buffer.concat([encodeHeader(claims), ...tensors.map(({ bytes }) => bytes)]));
  await rename(partOf(path), path);
}
