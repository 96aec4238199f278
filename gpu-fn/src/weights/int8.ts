/** Writes eight-bit copies of a model's large linear layers, in separate files beside its weights. */
import { open, rename } from "node:fs/promises";
import { fluxNaming } from "../graph/flux-config.ts";
import { INT8, quantisedNames } from "../graph/linear.ts";
import { int8Files, partFiles } from "../manifest/files.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { readFloats } from "../safetensors/floats.ts";
import { openWeights, type Weights } from "../safetensors/safetensors.ts";
import { encodeHeader, type TensorClaim } from "../safetensors/writer.ts";
import { type Part, wantedTensors } from "./expected-tensors.ts";
import { type QuantisableLayer, quantisable } from "./int8-layers.ts";
import { partOf } from "./unfinished.ts";

/** Size in elements of the rows that are read, quantised and written together. */
const CHUNK = 2 ** 24;

const ROUNDED = INT8.zero + 0.5;

export interface Written {
  readonly layers: number;
  readonly bytes: number;
}

/** Writes both files. @throws WeightsError if a layer is missing or not of a float type */
export async function writeInt8(manifest: Manifest): Promise<Written> {
  const files = int8Files(manifest);
  const flux = await writePart(manifest, "flux", files.flux);
  const t5 = await writePart(manifest, "t5", files.t5);
  return { layers: flux.layers + t5.layers, bytes: flux.bytes + t5.bytes };
}

function writePart(manifest: Manifest, part: Extract<Part, "flux" | "t5">, path: string): Promise<Written> {
  const weights = openWeights(...partFiles(manifest, manifest[part]));
  const layout = part === "flux" ? fluxNaming(weights) : "bfl";
  return writeLayers(weights, quantisable(wantedTensors(manifest, layout)[part]), path);
}

/** The tensors of an eight-bit file: each layer's values, then its scales. */
export function claimsOf(layers: readonly QuantisableLayer[]): TensorClaim[] {
  return layers.flatMap(({ name, out, in: inputs, block, elements }) => {
    const names = quantisedNames(name);
    const blocks = inputs / block;
    return [
      { name: names.values, dtype: "U8", shape: [out, blocks, block], length: elements },
      { name: names.scales, dtype: "F32", shape: [out, blocks], length: 4 * out * blocks },
    ];
  });
}

/** Writes eight-bit copies of some layers. @throws as `writeInt8` */
export async function writeLayers(
  weights: Weights,
  layers: readonly QuantisableLayer[],
  path: string,
): Promise<Written> {
  const claims = claimsOf(layers);
  const header = encodeHeader(claims);
  const file = await open(partOf(path), "w");
  try {
    await file.write(header);
    let at = header.length;
    for (const layer of layers) {
      const scales = at + layer.elements;
      for await (const { from, values, steps } of quantisedRows(weights, layer)) {
        await file.write(values, 0, values.length, at + from * layer.in);
        await file.write(
          new Uint8Array(steps.buffer),
          0,
          steps.byteLength,
          scales + (4 * from * layer.in) / layer.block,
        );
      }
      at = scales + (4 * layer.elements) / layer.block;
    }
  } finally {
    await file.close();
  }
  await rename(partOf(path), path);
  return { layers: layers.length, bytes: claims.reduce((sum, { length }) => sum + length, header.length) };
}

function* quantisedRows(weights: Weights, layer: QuantisableLayer) {
  const entry = weights.expect(layer.name, [layer.out, layer.in]);
  const rows = Math.max(1, Math.floor(CHUNK / layer.in));
  for (let from = 0; from < layer.out; from += rows) {
    const count = Math.min(rows, layer.out - from);
    yield { from, ...quantise(readFloats(entry, from * layer.in, count * layer.in), layer.block) };
  }
}

/**
 * Quantises blocks of values to q in 1..255 with w ≈ (q − 128) · step, where step is the block's largest magnitude over
 * 127. The step is first rounded up to bfloat16, so that a GPU's half-precision copy is exact and nothing is clipped.
 */
export function quantise(floats: Float32Array, block: number): { values: Uint8Array; steps: Float32Array } {
  const values = new Uint8Array(floats.length);
  const steps = new Float32Array(floats.length / block);
  for (let index = 0; index < steps.length; index++) {
    const [from, to] = [index * block, (index + 1) * block];
    let most = 0;
    for (let i = from; i < to; i++) {
      const size = Math.abs(floats[i] as number);
      if (size > most) most = size;
    }
    const step = ceilBfloat16(most / 127) || 1;
    steps[index] = step;
    // the cast to a byte truncates, and all values are positive, so this rounds
    for (let i = from; i < to; i++) values[i] = (floats[i] as number) / step + ROUNDED;
  }
  return { values, steps };
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The smallest bfloat16 that is not below a value of at least 0. */
function ceilBfloat16(value: number): number {
  float[0] = value;
  const raw = bits[0] as number;
  bits[0] = (raw & 0xffff) === 0 ? raw : ((raw >>> 16) + 1) << 16;
  return float[0] as number;
}
