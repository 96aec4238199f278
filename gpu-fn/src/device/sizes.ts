/** How many bytes the parts of a model and of an edit take. All sizes in bytes. */

import type { ComputeType } from "../graph/builder.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { parametersOf, wantedTensors } from "../weights/expected-tensors.ts";
import { quantisable } from "../weights/int8-layers.ts";

const BYTES = { float32: 4, float16: 2, bfloat16: 2 } as const;

/** Source V is kept in half precision, whatever the arithmetic. */
const KEPT_BYTES = BYTES.float16;

export interface WeightSizes {
  readonly transformer: number;
  readonly t5: number;
  readonly clip: number;
  readonly autoencoder: number;
  readonly pasl: number;
}

/**
 * Weights as they lie in memory: the two large parts in the type of the arithmetic (T5 never in float16, whose range
 * its hidden layers leave), or their large layers in eight bits with a scale for each block; the small parts in
 * float32.
 */
export function weightSizes(manifest: Manifest, compute: ComputeType, int8: boolean): WeightSizes {
  const wanted = wantedTensors(manifest, "bfl");
  const exact = (part: "clip" | "autoencoder" | "pasl") => BYTES.float32 * parametersOf(wanted[part]);
  const large = (part: "flux" | "t5", type: ComputeType) => {
    const whole = parametersOf(wanted[part]);
    if (!int8) return BYTES[type] * whole;
    const layers = quantisable(wanted[part]);
    const packed = layers.reduce((sum, { elements }) => sum + elements, 0);
    const scales = layers.reduce((sum, { elements, block }) => sum + elements / block, 0);
    return packed + BYTES[type] * (scales + whole - packed);
  };
  return {
    transformer: large("flux", compute),
    t5: large("t5", textCompute(compute)),
    clip: exact("clip"),
    autoencoder: exact("autoencoder"),
    pasl: exact("pasl"),
  };
}

/** T5's hidden layers leave the range of float16. */
export function textCompute(compute: ComputeType): ComputeType {
  return compute === "float16" ? "float32" : compute;
}

/** Tokens of a picture: one for 2×2 latent pixels. */
export function imageTokens(manifest: Manifest, height: number, width: number): number {
  const factor = 2 ** manifest.autoencoder.config.ch_mult.length;
  return (height / factor) * (width / factor);
}

/** What one evaluation of the transformer works on. */
export interface Evaluated {
  readonly compute: ComputeType;
  readonly batch: number;
  readonly imageTokens: number;
  readonly textTokens: number;
}

/**
 * Intermediate results of an evaluation. The most that live at once, of all layers, is in a single block: at the
 * joining of attention and MLP 1 width of input, 1 of attention, mlp of hidden features and 1 + mlp of both
 * together (11 widths a token at mlp_ratio 4). Doubled: the runtime's arena grows in powers of two.
 */
export function activationBytes({ flux }: Manifest, evaluated: Evaluated): number {
  const { hidden_size: width, mlp_ratio: mlp } = flux.config;
  const tokens = evaluated.imageTokens + evaluated.textTokens;
  return 2 * (3 + 2 * mlp) * width * tokens * evaluated.batch * BYTES[evaluated.compute];
}

/** Attention scores and their softmax, [B, heads, S+L, S+L] each, in case the provider has no fused kernel for them. */
export function attentionBytes({ flux }: Manifest, evaluated: Evaluated): number {
  const tokens = evaluated.imageTokens + evaluated.textTokens;
  return 2 * flux.config.num_heads * tokens ** 2 * evaluated.batch * BYTES[evaluated.compute];
}

/** Three float32 feature maps of the decoder's widest level: the input of a residual block, its norm, its output. */
export function decoderBytes({ autoencoder }: Manifest, height: number, width: number): number {
  const { ch, ch_mult: multiples } = autoencoder.config;
  const levels = multiples.map((_, level) => {
    const channels = ch * (multiples[Math.min(level + 1, multiples.length - 1)] ?? 1);
    return 3 * channels * (height / 2 ** level) * (width / 2 ** level) * BYTES.float32;
  });
  return Math.max(...levels);
}

/** V of the last `blocks` single blocks, image rows, of one evaluation. */
export function valueBytes(manifest: Manifest, blocks: number, tokens: number): number {
  return blocks * tokens * manifest.flux.config.hidden_size * KEPT_BYTES;
}
