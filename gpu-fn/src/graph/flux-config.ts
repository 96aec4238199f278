/** The transformer's configuration, in black-forest-labs' parameter names, whichever naming the weights use. */
import { WeightsError } from "../errors.ts";
import type { Weights } from "../safetensors/safetensors.ts";

export interface FluxConfig {
  /** Channels of a packed latent token (2x2 latent pixels), e.g. 64. */
  readonly in_channels: number;
  readonly out_channels?: number | null;
  /** Width of the pooled CLIP vector. */
  readonly vec_in_dim: number;
  /** Width of a T5 token. */
  readonly context_in_dim: number;
  readonly hidden_size: number;
  readonly mlp_ratio: number;
  readonly num_heads: number;
  /** Number of double-stream blocks. */
  readonly depth: number;
  readonly depth_single_blocks: number;
  /** Head dimensions rotated by each id axis; they add up to hidden_size / num_heads. */
  readonly axes_dim: readonly number[];
  readonly theta: number;
  readonly qkv_bias: boolean;
  readonly guidance_embed: boolean;
}

/** `transformer/config.json` of the diffusers layout. */
export interface DiffusersFluxConfig {
  readonly in_channels: number;
  readonly out_channels?: number | null;
  readonly pooled_projection_dim: number;
  readonly joint_attention_dim: number;
  readonly attention_head_dim: number;
  readonly num_attention_heads: number;
  readonly num_layers: number;
  readonly num_single_layers: number;
  readonly axes_dims_rope?: readonly number[];
  readonly guidance_embeds: boolean;
  readonly patch_size?: number;
}

/** The same configuration in black-forest-labs' names. */
export function fluxConfigFromDiffusers(config: DiffusersFluxConfig): FluxConfig {
  if ((config.patch_size ?? 1) !== 1)
    throw new WeightsError("flux: patch_size other than 1 is not supported");
  return {
    in_channels: config.in_channels,
    out_channels: config.out_channels ?? config.in_channels,
    vec_in_dim: config.pooled_projection_dim,
    context_in_dim: config.joint_attention_dim,
    hidden_size: config.num_attention_heads * config.attention_head_dim,
    mlp_ratio: 4,
    num_heads: config.num_attention_heads,
    depth: config.num_layers,
    depth_single_blocks: config.num_single_layers,
    axes_dim: config.axes_dims_rope ?? [16, 56, 56],
    theta: 10000,
    qkv_bias: true,
    guidance_embed: config.guidance_embeds,
  };
}

/** Throws WeightsError if the numbers are inconsistent. */
export function checkFluxConfig(config: FluxConfig): void {
  const head = config.hidden_size / config.num_heads;
  const turned = config.axes_dim.reduce((sum, axis) => sum + axis, 0);
  if (!Number.isInteger(head)) {
    throw new WeightsError(
      `flux: hidden_size ${config.hidden_size} is no multiple of ${config.num_heads} heads`,
    );
  }
  if (turned !== head || config.axes_dim.some((axis) => axis % 2 !== 0)) {
    throw new WeightsError(
      `flux: axes_dim [${config.axes_dim}] must be even and sum to the head size ${head}`,
    );
  }
}

export type FluxNaming = "bfl" | "diffusers";

/** Which of the two namings these weights use. Throws WeightsError for neither. */
export function fluxNaming(weights: Weights): FluxNaming {
  if (weights.has("img_in.weight")) return "bfl";
  if (weights.has("x_embedder.weight")) return "diffusers";
  throw new WeightsError(
    `${weights.folder}: no FLUX transformer (neither "img_in.weight" nor "x_embedder.weight")`,
  );
}
