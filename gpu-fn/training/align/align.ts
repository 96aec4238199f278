/** PASL read by a model's own CLIP, as the paper has it: the shipped image encoder under a projector fitted from texts alone. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WeightsError } from "../../src/errors.ts";
import { hasTextProjection } from "../../src/graph/clip.ts";
import { clipFiles, partFiles } from "../../src/manifest/files.ts";
import type { Manifest, ShippedPasl, TextEncoderPart } from "../../src/manifest/manifest.ts";
import { openTokenizer } from "../../src/manifest/tokenizer.ts";
import { type Clip, openClip, pooledPosition } from "../../src/model/clip.ts";
import { readFloats } from "../../src/safetensors/floats.ts";
import { openWeights, type Weights } from "../../src/safetensors/safetensors.ts";
import { encodeHeader } from "../../src/safetensors/writer.ts";
import { fitProjector, type Projector, projected } from "./fit.ts";
import { applied, type Linear, type Matrix, matrix } from "./ridge.ts";

/** Texts of one batch of a text encoder. */
const BATCH = 32;

/** A text, and the number of the phrase that it is a wording of. */
export interface Wording {
  readonly text: string;
  readonly phrase: number;
}

export interface Alignment {
  /** Path of the file that was written. */
  readonly path: string;
  /** Mean cosine of the new projector's vectors with the shipped one's, for wordings that the fit has not seen. */
  readonly likeness: number;
}

export interface AlignmentTask {
  readonly manifest: Manifest;
  readonly learnt: readonly Wording[];
  readonly unseen: readonly string[];
  /** Told after every batch of texts. */
  readonly progress: (texts: number) => void;
}

/** @throws WeightsError if the manifest does not use the shipped PASL, or CLIP or its projection is missing */
export async function alignPasl({ manifest, learnt, unseen, progress }: AlignmentTask): Promise<Alignment> {
  const { shipped, aligned } = shippedOf(manifest);
  const weights = openWeights(...partFiles(shipped, shipped));
  const texts = [...learnt.map(({ text }) => text), ...unseen];
  const known = await embeddedBy(await openReader(shipped.folder, shipped.text), texts, progress);
  const own = openWeights(...clipFiles(manifest));
  if (!hasTextProjection(own))
    throw new WeightsError(`${manifest.folder}: CLIP has no text_projection.weight`);
  const given = await embeddedBy(await openReader(manifest.folder, manifest.clip, own), texts, progress);
  const old: Projector = { linear1: linearOf(weights, "linear1"), linear2: linearOf(weights, "linear2") };
  const head = (m: Matrix): Matrix => ({
    ...m,
    rows: learnt.length,
    data: m.data.subarray(0, learnt.length * m.columns),
  });
  const tail = (m: Matrix): Matrix => ({
    ...m,
    rows: unseen.length,
    data: m.data.subarray(learnt.length * m.columns),
  });
  const examples = {
    texts: head(given),
    hidden: await applied(old.linear1, head(known)),
    out: await projected(old, head(known)),
  };
  const phrases = learnt.map(({ phrase }) => phrase);
  const projector = await fitProjector(examples, phrases, aligned.text_hidden);
  const path = join(manifest.folder, aligned.file);
  await write(path, weights, projector);
  const [found, wanted] = [await projected(projector, tail(given)), await projected(old, tail(known))];
  return { path, likeness: likenessOf(found, wanted) };
}

function shippedOf({ id, pasl }: Manifest): ShippedPasl & { shipped: { text: TextEncoderPart } } {
  if (pasl === undefined || !("shipped" in pasl) || pasl.shipped.text === undefined)
    throw new WeightsError(
      `${id} does not use the PASL that ships with the engine: there is nothing to align`,
    );
  return { ...pasl, shipped: { ...pasl.shipped, text: pasl.shipped.text } };
}

interface Reader {
  readonly clip: Clip;
  readonly tokenize: (text: string) => number[];
  readonly end: number;
}

async function openReader(folder: string, part: TextEncoderPart, weights?: Weights): Promise<Reader> {
  const { eos_token_id: endTokenId, pad_token_id: padTokenId } = part.config;
  return {
    clip: await openClip(weights ?? openWeights(...partFiles({ folder }, part)), part.config),
    tokenize: await openTokenizer(join(folder, part.tokenizer), {
      length: part.length,
      endTokenId,
      padTokenId,
    }),
    end: endTokenId,
  };
}

/** text_embeds [n, d]. The towers read from left to right, so that what follows the end of a text is left out. */
async function embeddedBy(
  { clip, tokenize, end }: Reader,
  texts: readonly string[],
  progress: (texts: number) => void,
) {
  const rows = texts.map((text, index) => {
    const ids = tokenize(text);
    return { index, ids, length: pooledPosition(ids, end) + 1 };
  });
  rows.sort((a, b) => a.length - b.length);
  let found: Matrix | undefined;
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    const length = batch.at(-1)?.length ?? 0;
    const { textEmbeds } = await clip.encode(batch.map(({ ids }) => ids.slice(0, length)));
    if (textEmbeds === undefined) throw new WeightsError("a text encoder without a projection");
    const columns = textEmbeds.length / batch.length;
    const all: Matrix = found ?? matrix(texts.length, columns);
    batch.forEach(({ index }, row) => {
      all.data.set(textEmbeds.subarray(row * columns, (row + 1) * columns), index * columns);
    });
    found = all;
    progress(batch.length);
  }
  await clip.release();
  return found ?? matrix(0, 0);
}

function linearOf(weights: Weights, name: "linear1" | "linear2"): Linear {
  const entry = weights.get(`projector.${name}.weight`);
  const [rows = 0, columns = 0] = entry.shape;
  const bias = weights.expect(`projector.${name}.bias`, [rows]);
  return {
    weight: { rows, columns, data: readFloats(entry, 0, rows * columns) },
    bias: readFloats(bias, 0, rows),
  };
}

/** Mean cosine of rows. */
export function likenessOf(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let row = 0; row < a.rows; row++) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = row * a.columns; i < (row + 1) * a.columns; i++) {
      const [x, y] = [a.data[i] as number, b.data[i] as number];
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    sum += ab / Math.sqrt(aa * bb);
  }
  return sum / a.rows;
}

/** Writes the shipped image encoder unchanged and the new projector in fp32; the file appears when it is complete. */
async function write(path: string, shipped: Weights, { linear1, linear2 }: Projector): Promise<void> {
  const encoder = [...shipped.names()].filter((name) => name.startsWith("encoder."));
  const kept = encoder.map(async (name) => {
    const { file, type, shape, offset, length } = shipped.get(name);
    const bytes = (await readFile(file)).subarray(offset, offset + length);
    return { name, dtype: type, shape, length, bytes };
  });
  const made = Object.entries({ linear1, linear2 }).flatMap(([name, { weight, bias }]) => [
    claim(`projector.${name}.weight`, [weight.rows, weight.columns], weight.data),
    claim(`projector.${name}.bias`, [bias.length], bias),
  ]);
  const tensors = [...(await Promise.all(kept)), ...made];
  const draft = `${path}.part`;
  await writeFile(draft, Buffer.concat([encodeHeader(tensors), ...tensors.map(({ bytes }) => bytes)]));
  await rename(draft, path);
}

function claim(name: string, shape: readonly number[], values: Float32Array) {
  const bytes = new Uint8Array(values.slice().buffer);
  return { name, dtype: "F32", shape, length: bytes.length, bytes };
}
