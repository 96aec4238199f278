/** A model with real names, shapes and sizes, and random weights. */
import { randomFillSync } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { drawWeights } from "../../gpu-fn/bench/gpu/random-model.ts";
import { quantisedNames } from "../../gpu-fn/src/graph/linear.ts";
import { int8Files, partFiles } from "../../gpu-fn/src/manifest/files.ts";
import { readManifest } from "../../gpu-fn/src/manifest/manifest.ts";
import type { TensorEntry } from "../../gpu-fn/src/safetensors/header.ts";
import { openWeights, Weights } from "../../gpu-fn/src/safetensors/safetensors.ts";
import { type HollowOptions, hollowModel } from "./hollow-model.ts";

/** Number of random bytes; the rest repeats them. */
const DRAWN = 2 ** 26;

/** Value of one eight-bit step: the weights' deviation is about 0.02, as for trained ones. */
const STEP = 2 ** -12;

/** In bfloat16: 1 for gains of norms, since otherwise signals vanish over dozens of layers; 2 for queries and keys,
 * so that attention picks single tokens, as trained attention does. */
const ONE = 0x3f80;
const TWO = 0x4000;

const filled = (word: number) => new Uint8Array(new Uint16Array(DRAWN / 2).fill(word).buffer);

/** Like `hollowModel`, but filled. With eight-bit files, their layers remain holes in the sixteen-bit files. */
export async function randomModel(like: string, home: string, options: HollowOptions): Promise<string> {
  const path = await hollowModel(like, home, options);
  const manifest = await readManifest(path);
  const { flux, autoencoder, clip, t5 } = manifest;
  const packed = options.int8
    ? openWeights(...Object.values(int8Files(manifest)))
    : new Weights("", new Map());
  const weights = openWeights(...[flux, autoencoder, clip, t5].flatMap((part) => partFiles(manifest, part)));

  const bytes = randomFillSync(new Uint8Array(DRAWN));
  const steps = new Uint8Array(new Float32Array(DRAWN / 4).fill(STEP).buffer);
  for (const name of packed.names()) {
    const entry = packed.get(name);
    fill(entry, entry.type === "U8" ? bytes : steps);
  }
  const [halves, ones, twos] = [drawWeights(DRAWN / 2), filled(ONE), filled(TWO)];
  for (const name of weights.names()) {
    if (packed.has(quantisedNames(name).values)) continue;
    const entry = weights.get(name);
    const gain = entry.shape.length === 1 && !name.endsWith(".bias");
    fill(entry, /(?:query|key)_norm/.test(name) ? twos : gain ? ones : halves);
  }
  return path;
}

function fill({ file, offset, length }: TensorEntry, drawn: Uint8Array): void {
  const descriptor = openSync(file, "r+");
  try {
    for (let done = 0; done < length; done += drawn.length)
      writeSync(descriptor, drawn, 0, Math.min(drawn.length, length - done), offset + done);
    // gigabytes that are still to be written keep the disk from everybody who reads, such as a process that starts
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
