/** What PASL costs on paper: FLOPs by the built graphs' shapes, parameters by the weights' headers (Table 6). */
import { buildClip, type ClipConfig } from "../../../src/graph/clip.ts";
import { buildPaslImage, buildPaslMask, type PaslConfig } from "../../../src/graph/pasl.ts";
import type { Weights } from "../../../src/safetensors/safetensors.ts";
import { DeclaredWeights, parametersOf } from "./declared-weights.ts";
import { arithmeticOf } from "./flops.ts";

export const PARTS = ["image encoder", "text encoder", "projector", "complete PASL"] as const;
export type Part = (typeof PARTS)[number];

export interface Cost {
  readonly flops: number;
  readonly parameters: number;
}

export interface PaslArithmetic {
  readonly costs: Readonly<Record<Part, Cost>>;
  /** Values that the image encoder's convolutions give. */
  readonly convolved: number;
}

export interface PaslShape {
  readonly pasl: PaslConfig;
  readonly clip: ClipConfig;
  /** Side of the picture in pixels, and ids of a prompt. */
  readonly size: number;
  readonly tokens: number;
}

/** One picture and one prompt. The weights are looked up, not read. */
export function paslArithmetic(
  { pasl, clip, size, tokens }: PaslShape,
  weights: { readonly clip: Weights; readonly pasl: Weights },
): PaslArithmetic {
  const image = arithmeticOf(buildPaslImage(weights.pasl, pasl), { image: [1, 3, size, size] });
  const text = arithmeticOf(buildClip(weights.clip, clip), { input_ids: [1, tokens], pooled_rows: [1] });
  const side = pasl.strides.reduce((rest, stride) => Math.ceil(rest / stride), size);
  const mask = buildPaslMask(weights.pasl, pasl);
  const over = (pixels: number) =>
    arithmeticOf(mask, { text: [1, pasl.text_dim], f_img: [1, pasl.channels.at(-1) ?? 1, pixels] }).flops;
  const [encoder, projector] = ["encoder.", "projector."].map((prefix) =>
    parametersOf(weights.pasl, prefix),
  ) as [number, number];
  const tower = parametersOf(weights.clip);
  return {
    costs: {
      "image encoder": { flops: image.flops, parameters: encoder },
      "text encoder": { flops: text.flops, parameters: tower },
      // Without pixels to compare with, the mask graph is the projector alone.
      projector: { flops: over(0), parameters: projector },
      "complete PASL": {
        flops: image.flops + text.flops + over(side * side),
        parameters: encoder + tower + projector,
      },
    },
    convolved: image.convolved,
  };
}

/** The paper's PASL (Tables 4 and 5) with the text tower of CLIP ViT-L/14. */
const FULL_WIDTH: PaslShape = {
  pasl: {
    channels: [64, 128, 256, 512, 512, 512],
    strides: [1, 2, 2, 2, 1, 1],
    text_dim: 768,
    text_hidden: 1024,
  },
  clip: {
    vocab_size: 49408,
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    max_position_embeddings: 77,
    projection_dim: 768,
    eos_token_id: 2,
  },
  size: 512,
  tokens: 77,
};

/** The paper's configuration, counted without weights. */
export function fullWidthArithmetic(): PaslArithmetic {
  return paslArithmetic(FULL_WIDTH, { clip: new DeclaredWeights(), pasl: new DeclaredWeights() });
}

/** Table 6 as printed: FLOPs and parameters. */
export const TABLE_6: Readonly<Record<Part, Cost>> = {
  "image encoder": { flops: 68.694e9, parameters: 6.27e6 },
  "text encoder": { flops: 4.36e9, parameters: 56.67e6 },
  projector: { flops: 0.003e9, parameters: 1.31e6 },
  "complete PASL": { flops: 73.057e9, parameters: 64.25e6 },
};
