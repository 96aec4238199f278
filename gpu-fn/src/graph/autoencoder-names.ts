/** Names of the autoencoder's layers, in black-forest-labs' and in diffusers' naming. */
import { WeightsError } from "../errors.ts";
import type { Weights } from "../safetensors/safetensors.ts";

export interface AttentionNames {
  readonly norm: string;
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly out: string;
}

export interface AutoencoderSide {
  readonly convIn: string;
  readonly convOut: string;
  readonly normOut: string;
  /** Residual block `block` of `level`; level 0 has the full resolution, in the decoder too. */
  block(level: number, block: number): string;
  /** The down- or upsampling convolution that leaves `level`. */
  resample(level: number): string;
  readonly middle: { readonly blocks: readonly [string, string]; readonly attention: AttentionNames };
  /** Name of the 1x1 convolution of a residual block that changes its width. */
  readonly shortcut: string;
}

export interface AutoencoderNames {
  readonly encoder: AutoencoderSide;
  readonly decoder: AutoencoderSide;
}

/** Throws WeightsError if the weights use neither naming. */
export function autoencoderNames(weights: Weights, levels: number): AutoencoderNames {
  if (weights.has("encoder.mid.block_1.norm1.weight"))
    return { encoder: bfl("encoder"), decoder: bfl("decoder") };
  if (weights.has("encoder.mid_block.resnets.0.norm1.weight")) {
    return { encoder: diffusers("encoder", levels), decoder: diffusers("decoder", levels) };
  }
  throw new WeightsError(
    `${weights.folder}: no autoencoder (neither "encoder.mid" nor "encoder.mid_block" tensors)`,
  );
}

function bfl(side: "encoder" | "decoder"): AutoencoderSide {
  const [way, resample] = side === "encoder" ? ["down", "downsample"] : ["up", "upsample"];
  const attention = `${side}.mid.attn_1`;
  return {
    convIn: `${side}.conv_in`,
    convOut: `${side}.conv_out`,
    normOut: `${side}.norm_out`,
    block: (level, block) => `${side}.${way}.${level}.block.${block}`,
    resample: (level) => `${side}.${way}.${level}.${resample}.conv`,
    middle: {
      blocks: [`${side}.mid.block_1`, `${side}.mid.block_2`],
      attention: {
        norm: `${attention}.norm`,
        q: `${attention}.q`,
        k: `${attention}.k`,
        v: `${attention}.v`,
        out: `${attention}.proj_out`,
      },
    },
    shortcut: "nin_shortcut",
  };
}

function diffusers(side: "encoder" | "decoder", levels: number): AutoencoderSide {
  const at = (level: number) =>
    side === "encoder" ? `${side}.down_blocks.${level}` : `${side}.up_blocks.${levels - 1 - level}`;
  const resampler = side === "encoder" ? "downsamplers" : "upsamplers";
  const attention = `${side}.mid_block.attentions.0`;
  return {
    convIn: `${side}.conv_in`,
    convOut: `${side}.conv_out`,
    normOut: `${side}.conv_norm_out`,
    block: (level, block) => `${at(level)}.resnets.${block}`,
    resample: (level) => `${at(level)}.${resampler}.0.conv`,
    middle: {
      blocks: [`${side}.mid_block.resnets.0`, `${side}.mid_block.resnets.1`],
      attention: {
        norm: `${attention}.group_norm`,
        q: `${attention}.to_q`,
        k: `${attention}.to_k`,
        v: `${attention}.to_v`,
        out: `${attention}.to_out.0`,
      },
    },
    shortcut: "conv_shortcut",
  };
}
