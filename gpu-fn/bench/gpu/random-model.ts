/** FLUX.1-dev's transformer with random weights, at full size or smaller. */
import { randomFillSync } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { encodeHeader } from "../../src/safetensors/writer.ts";
import { parametersOf, type Wanted, wantedTensors } from "../../src/weights/expected-tensors.ts";

export const SCALES = ["full", "slice", "tiny"] as const;
export type Scale = (typeof SCALES)[number];

type Config = Manifest["flux"]["config"];

/** What a scale changes: `slice` has one block of each kind at full width, `tiny` few and narrow ones. */
const SMALLER: Readonly<Record<Scale, Partial<Config>>> = {
  full: {},
  slice: { depth: 1, depth_single_blocks: 1 },
  tiny: { hidden_size: 192, num_heads: 3, axes_dim: [16, 24, 24], depth: 2, depth_single_blocks: 4 },
};

/** The manifest's transformer, or a smaller one of the same kind. */
export function scaled(manifest: Manifest, scale: Scale): Manifest {
  const { flux, defaults } = manifest;
  const config: Config = { ...flux.config, ...SMALLER[scale] };
  const blocks = Math.min(defaults.value_blocks, config.depth_single_blocks);
  return { ...manifest, flux: { ...flux, config }, defaults: { ...defaults, value_blocks: blocks } };
}

/** Number of random elements; the rest repeats them. Random weights keep a GPU as busy as real ones; zeros do not. */
const DRAWN = 2 ** 24;

/** Writes a bfloat16 `.safetensors` file. Returns its bytes. */
export async function writeRandomTransformer(manifest: Manifest, path: string): Promise<number> {
  const wanted: Wanted = wantedTensors(manifest, "bfl").flux;
  const claims = [...wanted].map(([name, shape]) => {
    const length = 2 * shape.reduce((product, size) => product * size, 1);
    return { name, dtype: "BF16", shape, length };
  });
  const header = encodeHeader(claims);
  await mkdir(dirname(path), { recursive: true });
  const file = createWriteStream(path);
  const write = async (bytes: Uint8Array) => {
    if (!file.write(bytes)) await once(file, "drain");
  };
  await write(header);
  const drawn = drawWeights(Math.min(DRAWN, parametersOf(wanted)));
  for (const { length } of claims)
    for (let done = 0; done < length; done += drawn.length)
      await write(drawn.subarray(0, Math.min(drawn.length, length - done)));
  file.end();
  await once(file, "close");
  return claims.reduce((sum, { length }) => sum + length, header.length);
}

/** bfloat16 of random sign and mantissa, between 2 ** -7 and 2 ** -6 in magnitude: about the scale of trained weights. */
export function drawWeights(count: number): Uint8Array {
  const words = new Uint16Array(count);
  randomFillSync(words);
  for (let i = 0; i < count; i++) words[i] = ((words[i] as number) & 0x807f) | (120 << 7);
  return new Uint8Array(words.buffer);
}
