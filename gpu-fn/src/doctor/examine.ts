/** Finds what is wrong with a model's folder, tensor by tensor. */
import { join } from "node:path";
import { WeightsError } from "../errors.ts";
import { fluxNaming } from "../graph/flux-config.ts";
import { clipFiles, type Layout, partFiles } from "../manifest/files.ts";
import type { Manifest, TextEncoderPart } from "../manifest/manifest.ts";
import { paslPart } from "../manifest/pasl-part.ts";
import { openTokenizer } from "../manifest/tokenizer.ts";
import { openWeights, type Weights } from "../safetensors/safetensors.ts";
import { PARTS, type Part, wantedTensors } from "../weights/expected-tensors.ts";

const FLOATS: ReadonlySet<string> = new Set(["F32", "F16", "BF16"]);

export interface Finding {
  readonly part: Part | "tokenizer";
  readonly kind: "missing" | "type" | "shape" | "extra" | "file";
  /** One line. */
  readonly text: string;
}

export interface PartReport {
  readonly part: Part | "tokenizer";
  /** Number of tensors that are correct. */
  readonly right: number;
  readonly findings: readonly Finding[];
}

export interface Diagnosis {
  readonly parts: readonly PartReport[];
  /** Whether everything that the engine requires is present and correct. */
  readonly runnable: boolean;
  /** Whether regions can be located: PASL and its text encoder are present and correct. */
  readonly locates: boolean;
}

/** Reads headers and tokenizers, but no weights. */
export async function examine(manifest: Manifest): Promise<Diagnosis> {
  const tensors = PARTS.flatMap((part) => examinePart(manifest, part));
  const tokenizers = await examineTokenizers(manifest);
  const parts = [...tensors, tokenizers];
  const sound = ({ findings }: PartReport) => findings.every(({ kind }) => kind === "extra");
  const pasl = parts.find(({ part }) => part === "pasl");
  const clip = parts.find(({ part }) => part === "clip");
  const reads = paslPart(manifest)?.text !== undefined || (clip && sound(clip) && hasProjection(clip));
  return {
    parts,
    runnable: parts.every(sound),
    locates: pasl !== undefined && sound(pasl) && reads === true,
  };
}

const hasProjection = ({ findings }: PartReport) =>
  !findings.some(({ text }) => text.includes("text_projection"));

function examinePart(manifest: Manifest, part: Part): PartReport[] {
  const files = filesOf(manifest, part);
  if (files === undefined) return [];
  try {
    const weights = openWeights(...files);
    const { right, findings } = compare(
      weights,
      part,
      wantedTensors(manifest, layoutOf(weights, part))[part],
    );
    return [{ part, right, findings }];
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    return [{ part, right: 0, findings: [{ part, kind: "file", text: error.message }] }];
  }
}

/** Full paths of a part's files; PASL's include those of its own text encoder. */
function filesOf(manifest: Manifest, part: Part): readonly string[] | undefined {
  if (part === "clip") return clipFiles(manifest);
  if (part !== "pasl") return partFiles(manifest, manifest[part]);
  const pasl = paslPart(manifest);
  return pasl && [pasl, ...(pasl.text ? [pasl.text] : [])].flatMap((laid) => partFiles(pasl, laid));
}

/** The naming of a part's tensors. */
function layoutOf(weights: Weights, part: Part): Layout {
  if (part === "flux") return fluxNaming(weights);
  return weights.has("encoder.mid_block.resnets.0.norm1.weight") ? "diffusers" : "bfl";
}

/** Tensors that files contain although the engine does not use them. */
const EXPECTED_EXTRAS = /^(?:encoder\.embed_tokens\.weight|text_model\.embeddings\.position_ids)$/;

function compare(weights: Weights, part: Part, wanted: ReadonlyMap<string, readonly number[]>) {
  const findings: Finding[] = [];
  let right = 0;
  const note = (kind: Finding["kind"], text: string) => findings.push({ part, kind, text });
  const bare = part === "clip" && weights.has("text_projection") ? "text_projection" : undefined;
  for (const [name, shape] of wanted) {
    const stored = name === "text_projection.weight" && bare ? bare : name;
    const entry = weights.has(stored) ? weights.get(stored) : undefined;
    // FLUX does not need it; only PASL does
    if (entry === undefined && name === "text_projection.weight")
      note("extra", `without ${name}: PASL is off`);
    else if (entry === undefined) note("missing", `${name} ${list(shape)} is missing`);
    else if (!FLOATS.has(entry.type)) note("type", `${name} is ${entry.type}, not F32, F16 or BF16`);
    else if (list(entry.shape) !== list(bare === stored ? shape.toReversed() : shape))
      note("shape", `${name} is ${list(entry.shape)}, not ${list(shape)}`);
    else right += 1;
  }
  const extra = [...weights.names()].filter(
    (name) => !wanted.has(name) && name !== bare && !EXPECTED_EXTRAS.test(name),
  );
  for (const name of extra) note("extra", `${name} is not used`);
  return { right, findings };
}

const list = (shape: readonly number[]) => `[${shape.join(", ")}]`;

async function examineTokenizers(manifest: Manifest): Promise<PartReport> {
  const findings: Finding[] = [];
  const read = tokenizersOf(manifest);
  for (const [folder, { tokenizer, length, config }] of read) {
    const ids = { endTokenId: config.eos_token_id, padTokenId: config.pad_token_id };
    try {
      const tokenize = await openTokenizer(join(folder, tokenizer), { length, ...ids });
      const outside = tokenize("a person wearing glasses").find((id) => id >= config.vocab_size);
      if (outside === undefined) continue;
      const text = `${tokenizer} has token ${outside}; the vocabulary ends at ${config.vocab_size}`;
      findings.push({ part: "tokenizer", kind: "shape", text });
    } catch (error) {
      if (!(error instanceof WeightsError)) throw error;
      findings.push({ part: "tokenizer", kind: "file", text: error.message });
    }
  }
  return { part: "tokenizer", right: read.length - findings.length, findings };
}

/** The text encoders, each with the folder of its tokenizer. */
function tokenizersOf(manifest: Manifest): [folder: string, encoder: TextEncoderPart | Manifest["t5"]][] {
  const { folder, clip, t5 } = manifest;
  const pasl = paslPart(manifest);
  return [[folder, clip], [folder, t5], ...(pasl?.text ? [[pasl.folder, pasl.text] as const] : [])].map(
    ([where, encoder]) => [where as string, encoder as TextEncoderPart],
  );
}
