/**
 * The FLUX autoencoder as two ONNX graphs (docs/algorithm.md section 2; black-forest-labs/flux autoencoder.py). Reads both
 * namings: convolutions under `encoder.down` / `decoder.up`, or diffusers' `down_blocks` / `up_blocks`.
 */
import type { Weights } from "../safetensors/safetensors.ts";
import type { AutoencoderConfig } from "./autoencoder-config.ts";
import { AutoencoderLayers } from "./autoencoder-layers.ts";
import { autoencoderNames } from "./autoencoder-names.ts";
import { type ComputeType, type Graph, GraphBuilder } from "./builder.ts";

/** Input `image` [B, 3, H, W] in −1..1, H and W multiples of the factor; output `moments` [B, 2z, h, w]. */
export function buildEncoder(weights: Weights, config: AutoencoderConfig, compute?: ComputeType): Graph {
  const names = autoencoderNames(weights, config.ch_mult.length).encoder;
  const layers = new AutoencoderLayers(new GraphBuilder("encoder", weights, compute), config, names);
  const { g } = layers;
  const channels = config.in_channels ?? 3;
  let x = layers.conv(g.input("image", "float", ["batch", channels, "height", "width"]), names.convIn, {
    from: channels,
    to: config.ch,
  });
  let width = config.ch;
  config.ch_mult.forEach((multiple, level) => {
    for (let block = 0; block < config.num_res_blocks; block++) {
      x = layers.residual(x, names.block(level, block), width, config.ch * multiple);
      width = config.ch * multiple;
    }
    if (level < config.ch_mult.length - 1) x = layers.down(x, names.resample(level), width);
  });
  const out = 2 * config.z_channels;
  x = layers.conv(layers.activate(layers.middle(x, width), names.normOut, width), names.convOut, {
    from: width,
    to: out,
  });
  g.output("moments", x, ["batch", out, "latent_height", "latent_width"]);
  return g.build();
}

/** Input `z` [B, z, h, w], unscaled; output `image` [B, 3, H, W], about −1..1. */
export function buildDecoder(weights: Weights, config: AutoencoderConfig, compute?: ComputeType): Graph {
  const names = autoencoderNames(weights, config.ch_mult.length).decoder;
  const layers = new AutoencoderLayers(new GraphBuilder("decoder", weights, compute), config, names);
  const { g } = layers;
  let width = config.ch * (config.ch_mult.at(-1) ?? 1);
  let x = layers.conv(
    g.input("z", "float", ["batch", config.z_channels, "latent_height", "latent_width"]),
    names.convIn,
    {
      from: config.z_channels,
      to: width,
    },
  );
  x = layers.middle(x, width);
  for (let level = config.ch_mult.length - 1; level >= 0; level--) {
    const next = config.ch * (config.ch_mult[level] ?? 1);
    for (let block = 0; block <= config.num_res_blocks; block++) {
      x = layers.residual(x, names.block(level, block), width, next);
      width = next;
    }
    if (level > 0) x = layers.up(x, names.resample(level), width);
  }
  const channels = config.out_ch ?? 3;
  x = layers.conv(layers.activate(x, names.normOut, width), names.convOut, { from: width, to: channels });
  g.output("image", x, ["batch", channels, "height", "width"]);
  return g.build();
}
