/** How much memory a model's sessions and an edit's V take. All sizes in bytes. */

import type { ComputeType } from "../graph/builder.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { paslPart } from "../manifest/pasl-part.ts";
import { parametersOf, type Wanted, wantedTensors } from "../weights/expected-tensors.ts";
import { computedInFloat32, quantisable } from "../weights/int8-layers.ts";

const BYTES = { float32: 4, float16: 2, bfloat16: 2 } as const;
const MIB = 2 ** 20;

/** Source V is kept in half precision, whatever the arithmetic. */
const KEPT_BYTES = BYTES.float16;

/** Memory of one open graph. */
export interface SessionBytes {
  readonly weights: number;
  /** Working memory, which the runtime keeps until the session is closed. */
  readonly arena: number;
}

export const SESSIONS = ["transformer", "t5", "clip", "encoder", "decoder", "pasl"] as const;
export type SessionName = (typeof SESSIONS)[number];

/** The work for which sessions are opened. */
export interface Work {
  readonly compute: ComputeType;
  /** Whether the large layers are in eight bits. */
  readonly int8: boolean;
  /** Rows of the transformer's batch. */
  readonly batch: number;
  /** Number of blocks whose V goes in and out of an evaluation, 0 for none; or K and V of all blocks. */
  readonly cachedBlocks: number | "background";
  /** Size of the picture, in pixels. */
  readonly height: number;
  readonly width: number;
}

/**
 * The two large sessions compute in the type of the arithmetic (except T5 in float16, whose range its hidden layers
 * exceed), the small ones in float32.
 */
export function sessionBytes(manifest: Manifest, work: Work): Readonly<Record<SessionName, SessionBytes>> {
  const { compute, int8, height, width } = work;
  const wanted = wantedTensors(manifest, "bfl");
  const { ch, ch_mult: multiples } = manifest.autoencoder.config;
  const map = height * width * BYTES.float32;
  const half = (side: "encoder" | "decoder") =>
    BYTES.float32 * parametersOf(new Map([...wanted.autoencoder].filter(([name]) => name.startsWith(side))));
  const small = (part: "clip" | "pasl") => BYTES.float32 * parametersOf(wanted[part]);
  return {
    transformer: {
      weights: largeWeights(wanted.flux, compute, int8),
      arena: arena(evaluationBytes(manifest, work)),
    },
    t5: {
      weights: largeWeights(wanted.t5, textCompute(compute), int8),
      arena: arena(textBytes(manifest, textCompute(compute), int8)),
    },
    clip: { weights: small("clip"), arena: arena(0) },
    encoder: { weights: half("encoder"), arena: arena(FEATURE_MAPS * ch * (multiples[0] ?? 1) * map) },
    // on the way up, the first block at full resolution still has the channels of the level before
    decoder: {
      weights: half("decoder"),
      arena: arena(FEATURE_MAPS * ch * Math.max(multiples[0] ?? 1, multiples[1] ?? 1) * map),
    },
    pasl: { weights: small("pasl"), arena: arena(locatorBytes(manifest)) },
  };
}

/** Feature maps of the widest level alive at once: input, norm, output and shortcut of a residual block. */
const FEATURE_MAPS = 4;

/** Memory for staging inputs and for the arena's first regions. */
const RIM = 32 * MIB;

/** The runtime's arena grows by doubling. */
const arena = (bytes: number) => RIM + (bytes === 0 ? 0 : MIB * 2 ** Math.ceil(Math.log2(bytes / MIB)));

function largeWeights(wanted: Wanted, compute: ComputeType, int8: boolean): number {
  const exact = parametersOf(new Map([...wanted].filter(([name]) => computedInFloat32(name))));
  const whole = parametersOf(wanted) - exact;
  if (!int8) return BYTES.float32 * exact + BYTES[compute] * whole;
  const layers = quantisable(wanted);
  const packed = layers.reduce((sum, { elements }) => sum + elements, 0);
  const scales = layers.reduce((sum, { elements, block }) => sum + elements / block, 0);
  return BYTES.float32 * exact + packed + BYTES[compute] * (scales + whole - packed);
}

/** The text encoder's arithmetic: T5's hidden layers exceed the range of float16. */
export function textCompute(compute: ComputeType): ComputeType {
  return compute === "float16" ? "float32" : compute;
}

/** Number of tokens of a picture: one for every 2×2 latent pixels. */
export function imageTokens(manifest: Manifest, height: number, width: number): number {
  const factor = 2 ** manifest.autoencoder.config.ch_mult.length;
  return (height / factor) * (width / factor);
}

/**
 * Number of token widths alive at once, found with `npm run rehearse:cuda` at 512² to 1024²: about twice what a single
 * block joins (attention, MLP, and both together), and a little less if eight-bit layers add their bias separately.
 */
const TOKEN_WIDTHS = { exact: (mlp: number) => 4 + 4 * mlp, int8: (mlp: number) => 2 + 4 * mlp };

/** Working memory of an evaluation of the transformer. Attention is fused, so it keeps no scores. */
function evaluationBytes(
  manifest: Manifest,
  { compute, int8, batch, cachedBlocks, height, width }: Work,
): number {
  const { hidden_size: hidden, mlp_ratio: mlp } = manifest.flux.config;
  const image = imageTokens(manifest, height, width);
  const widths = TOKEN_WIDTHS[int8 ? "int8" : "exact"](mlp);
  const values =
    cachedBlocks === "background"
      ? backgroundBytes(manifest, image)
      : valueBytes(manifest, cachedBlocks, image);
  // twice, as the widths: once a shape is known, the runtime takes all that it holds at once as one piece, beside the
  // pieces of the first evaluation
  return widths * hidden * (image + manifest.t5.length) * batch * BYTES[compute] + 2 * values;
}

/** Scores of a T5 block, whose bias prevents fused attention, and its largest layer unpacked. */
function textBytes({ t5 }: Manifest, compute: ComputeType, int8: boolean): number {
  const { num_heads: heads, d_model: width, d_ff: hidden } = t5.config;
  return BYTES[compute] * (4 * heads * t5.length ** 2 + (int8 ? width * hidden : 0));
}

/** The first convolution of PASL and its activation. */
function locatorBytes(manifest: Manifest): number {
  const pasl = paslPart(manifest);
  if (pasl === undefined) return 0;
  const { channels, size } = pasl.config;
  return 2 * (channels[0] ?? 0) * size ** 2 * BYTES.float32;
}

/** K and V of all blocks, image rows, of one evaluation: what an edit on the background path keeps of it. */
export function backgroundBytes(manifest: Manifest, tokens: number): number {
  const { depth, depth_single_blocks: single } = manifest.flux.config;
  return 2 * valueBytes(manifest, depth + single, tokens);
}

/** V of the last `blocks` single blocks, image rows, of one evaluation. */
export function valueBytes(manifest: Manifest, blocks: number, tokens: number): number {
  return blocks * tokens * manifest.flux.config.hidden_size * KEPT_BYTES;
}
