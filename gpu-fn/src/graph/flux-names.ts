/**
 * Names of the transformer's layers in a checkpoint: one table for black-forest-labs' naming, one for
 * diffusers'. The graph uses the layers' roles and does not depend on the naming.
 */
import { TIME_CHANNELS } from "../tensor/packing.ts";
import type { FluxConfig, FluxNaming } from "./flux-config.ts";
import type { Linear } from "./linear.ts";

export interface StreamNames {
  readonly modulation: Linear;
  readonly q: Linear;
  readonly k: Linear;
  readonly v: Linear;
  readonly queryNorm: string;
  readonly keyNorm: string;
  readonly proj: Linear;
  readonly mlpIn: Linear;
  readonly mlpOut: Linear;
}

export interface SingleNames extends Omit<StreamNames, "proj"> {}

export interface EmbedderNames {
  readonly in: Linear;
  readonly out: Linear;
}

export interface FluxNames {
  readonly img: Linear;
  readonly txt: Linear;
  readonly time: EmbedderNames;
  readonly guidance: EmbedderNames;
  readonly vector: EmbedderNames;
  double(block: number): { readonly img: StreamNames; readonly txt: StreamNames };
  single(block: number): SingleNames;
  readonly finalModulation: Linear;
  /** Order of the two halves of the final modulation, which the two namings store swapped. */
  readonly finalOrder: "shift, scale" | "scale, shift";
  readonly final: Linear;
}

export function fluxNames(config: FluxConfig, naming: FluxNaming): FluxNames {
  return naming === "bfl" ? bflNames(config) : diffusersNames(config);
}

const whole = (name: string, out: number, inputs: number, bias = true): Linear => ({
  name,
  out,
  in: inputs,
  bias,
});

function bflNames(config: FluxConfig): FluxNames {
  const { hidden_size: width, qkv_bias: qkvBias } = config;
  const mlp = width * config.mlp_ratio;
  const embedder = (name: string, inputs: number): EmbedderNames => ({
    in: whole(`${name}.in_layer`, width, inputs),
    out: whole(`${name}.out_layer`, width, width),
  });
  const stream = (block: number, side: "img" | "txt"): StreamNames => {
    const at = `double_blocks.${block}.${side}`;
    const qkv = whole(`${at}_attn.qkv`, 3 * width, width, qkvBias);
    return {
      modulation: whole(`${at}_mod.lin`, 6 * width, width),
      q: { ...qkv, rows: [0, width] },
      k: { ...qkv, rows: [width, 2 * width] },
      v: { ...qkv, rows: [2 * width, 3 * width] },
      queryNorm: `${at}_attn.norm.query_norm.scale`,
      keyNorm: `${at}_attn.norm.key_norm.scale`,
      proj: whole(`${at}_attn.proj`, width, width),
      mlpIn: whole(`${at}_mlp.0`, mlp, width),
      mlpOut: whole(`${at}_mlp.2`, width, mlp),
    };
  };
  return {
    img: whole("img_in", width, config.in_channels),
    txt: whole("txt_in", width, config.context_in_dim),
    time: embedder("time_in", TIME_CHANNELS),
    guidance: embedder("guidance_in", TIME_CHANNELS),
    vector: embedder("vector_in", config.vec_in_dim),
    double: (block) => ({ img: stream(block, "img"), txt: stream(block, "txt") }),
    single: (block) => {
      const at = `single_blocks.${block}`;
      const linear1 = whole(`${at}.linear1`, 3 * width + mlp, width);
      return {
        modulation: whole(`${at}.modulation.lin`, 3 * width, width),
        q: { ...linear1, rows: [0, width] },
        k: { ...linear1, rows: [width, 2 * width] },
        v: { ...linear1, rows: [2 * width, 3 * width] },
        mlpIn: { ...linear1, rows: [3 * width, 3 * width + mlp] },
        queryNorm: `${at}.norm.query_norm.scale`,
        keyNorm: `${at}.norm.key_norm.scale`,
        mlpOut: whole(`${at}.linear2`, width, width + mlp),
      };
    },
    finalModulation: whole("final_layer.adaLN_modulation.1", 2 * width, width),
    finalOrder: "shift, scale",
    final: whole("final_layer.linear", config.out_channels ?? config.in_channels, width),
  };
}

function diffusersNames(config: FluxConfig): FluxNames {
  const { hidden_size: width, qkv_bias: qkvBias } = config;
  const mlp = width * config.mlp_ratio;
  const square = (name: string, bias = true) => whole(name, width, width, bias);
  const embedder = (name: string, inputs: number): EmbedderNames => ({
    in: whole(`time_text_embed.${name}.linear_1`, width, inputs),
    out: square(`time_text_embed.${name}.linear_2`),
  });
  const stream = (block: number, side: "img" | "txt"): StreamNames => {
    const at = `transformer_blocks.${block}`;
    const [q, k, v, norm, proj, feed, modulation] =
      side === "img"
        ? ["to_q", "to_k", "to_v", "norm", "to_out.0", "ff", "norm1"]
        : [
            "add_q_proj",
            "add_k_proj",
            "add_v_proj",
            "norm_added",
            "to_add_out",
            "ff_context",
            "norm1_context",
          ];
    return {
      modulation: whole(`${at}.${modulation}.linear`, 6 * width, width),
      q: square(`${at}.attn.${q}`, qkvBias),
      k: square(`${at}.attn.${k}`, qkvBias),
      v: square(`${at}.attn.${v}`, qkvBias),
      queryNorm: `${at}.attn.${norm}_q.weight`,
      keyNorm: `${at}.attn.${norm}_k.weight`,
      proj: square(`${at}.attn.${proj}`),
      mlpIn: whole(`${at}.${feed}.net.0.proj`, mlp, width),
      mlpOut: whole(`${at}.${feed}.net.2`, width, mlp),
    };
  };
  return {
    img: whole("x_embedder", width, config.in_channels),
    txt: whole("context_embedder", width, config.context_in_dim),
    time: embedder("timestep_embedder", TIME_CHANNELS),
    guidance: embedder("guidance_embedder", TIME_CHANNELS),
    vector: embedder("text_embedder", config.vec_in_dim),
    double: (block) => ({ img: stream(block, "img"), txt: stream(block, "txt") }),
    single: (block) => {
      const at = `single_transformer_blocks.${block}`;
      return {
        modulation: whole(`${at}.norm.linear`, 3 * width, width),
        q: square(`${at}.attn.to_q`),
        k: square(`${at}.attn.to_k`),
        v: square(`${at}.attn.to_v`),
        queryNorm: `${at}.attn.norm_q.weight`,
        keyNorm: `${at}.attn.norm_k.weight`,
        mlpIn: whole(`${at}.proj_mlp`, mlp, width),
        mlpOut: whole(`${at}.proj_out`, width, width + mlp),
      };
    },
    finalModulation: whole("norm_out.linear", 2 * width, width),
    finalOrder: "scale, shift",
    final: whole("proj_out", config.out_channels ?? config.in_channels, width),
  };
}
