/**
 * The FLUX autoencoder as two ONNX graphs (algorithm.md section 2; black-forest-labs/flux autoencoder.py). Both
 * namings are read: convolutions under `encoder.down` / `decoder.up`, or diffusers' `down_blocks` / `up_blocks`.
 */
import { WeightsError } from "../errors.ts";
import type { Weights } from "../safetensors.ts";
import { type AttentionNames, type AutoencoderSide, autoencoderNames } from "./autoencoder-names.ts";
import { type ComputeType, type Graph, GraphBuilder } from "./builder.ts";

/** In black-forest-labs' names. */
export interface AutoencoderConfig {
  readonly in_channels?: number;
  readonly out_ch?: number;
  /** Base width; a multiple of gn_groups. */
  readonly ch: number;
  readonly ch_mult: readonly number[];
  readonly num_res_blocks: number;
  readonly z_channels: number;
  /** latent = scale_factor · (mean − shift_factor), unless the two arrays below are given. */
  readonly scale_factor?: number;
  readonly shift_factor?: number;
  /** Per channel: latent = (mean − latent_mean) / latent_std. */
  readonly latent_mean?: readonly number[];
  readonly latent_std?: readonly number[];
  readonly gn_groups?: number;
  readonly gn_eps?: number;
}

/** `vae/config.json` of the diffusers layout. */
export interface DiffusersAutoencoderConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly block_out_channels: readonly number[];
  readonly layers_per_block: number;
  readonly latent_channels: number;
  readonly norm_num_groups: number;
  readonly scaling_factor: number;
  readonly shift_factor?: number | null;
  readonly use_quant_conv?: boolean;
  readonly use_post_quant_conv?: boolean;
}

/** The same configuration in black-forest-labs' names; widths become multiples of the first. */
export function autoencoderConfigFromDiffusers(config: DiffusersAutoencoderConfig): AutoencoderConfig {
  if (config.use_quant_conv || config.use_post_quant_conv) {
    throw new WeightsError("autoencoder: quant convolutions are not supported (FLUX has none)");
  }
  const [ch = 1] = config.block_out_channels;
  return {
    in_channels: config.in_channels,
    out_ch: config.out_channels,
    ch,
    ch_mult: config.block_out_channels.map((width) => width / ch),
    num_res_blocks: config.layers_per_block,
    z_channels: config.latent_channels,
    scale_factor: config.scaling_factor,
    shift_factor: config.shift_factor ?? 0,
    gn_groups: config.norm_num_groups,
  };
}

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

interface Widths {
  readonly from: number;
  readonly to: number;
}

class AutoencoderLayers {
  readonly g: GraphBuilder;
  readonly #config: AutoencoderConfig;
  readonly #names: AutoencoderSide;

  constructor(g: GraphBuilder, config: AutoencoderConfig, names: AutoencoderSide) {
    this.g = g;
    this.#config = config;
    this.#names = names;
  }

  /** A convolution of 3x3, pad 1, unless the attributes say otherwise. */
  conv(x: string, name: string, widths: Widths, size = 3, attributes = {}): string {
    const { g } = this;
    const weight = g.weight(`${name}.weight`, [widths.to, widths.from, size, size]);
    const pad = (size - 1) / 2;
    return g.op("Conv", [x, weight, g.weight(`${name}.bias`, [widths.to])], {
      kernel_shape: [size, size],
      pads: [pad, pad, pad, pad],
      ...attributes,
    });
  }

  /** GroupNorm: each group of channels of each image to mean 0 and variance 1, then a gain and bias a channel. */
  norm(x: string, name: string, width: number): string {
    const { g } = this;
    const groups = this.#config.gn_groups ?? 32;
    const grouped = g.reshape(x, [0, groups, -1]);
    const normal = g.op("InstanceNormalization", [grouped, g.ones(groups), g.zeros(groups)], {
      epsilon: { float: this.#config.gn_eps ?? 1e-6 },
    });
    const image = g.op("Reshape", [normal, g.op("Shape", [x])]);
    const gain = g.weight(`${name}.weight`, [width], { as: [width, 1, 1] });
    return g.op("Add", [
      g.op("Mul", [image, gain]),
      g.weight(`${name}.bias`, [width], { as: [width, 1, 1] }),
    ]);
  }

  /** GroupNorm, then SiLU. */
  activate(x: string, name: string, width: number): string {
    const normal = this.norm(x, name, width);
    return this.g.op("Mul", [normal, this.g.op("Sigmoid", [normal])]);
  }

  residual(x: string, name: string, from: number, to: number): string {
    const first = this.conv(this.activate(x, `${name}.norm1`, from), `${name}.conv1`, { from, to });
    const second = this.conv(this.activate(first, `${name}.norm2`, to), `${name}.conv2`, { from: to, to });
    const skip = from === to ? x : this.conv(x, `${name}.${this.#names.shortcut}`, { from, to }, 1);
    return this.g.op("Add", [skip, second]);
  }

  /** Residual block, attention over all pixels with one head, residual block. */
  middle(x: string, width: number): string {
    const { blocks, attention } = this.#names.middle;
    const before = this.residual(x, blocks[0], width, width);
    return this.residual(this.#attention(before, attention, width), blocks[1], width, width);
  }

  #attention(x: string, names: AttentionNames, width: number): string {
    const { g } = this;
    const normal = this.norm(x, names.norm, width);
    const pixels = (name: string) => {
      const flat = g.reshape(this.#pointwise(normal, name, width), [0, 0, -1]);
      return g.op("Transpose", [flat], { perm: [0, 2, 1] });
    };
    const inputs = [pixels(names.q), pixels(names.k), pixels(names.v)];
    const attended = g.microsoft("MultiHeadAttention", inputs, { num_heads: 1 });
    const image = g.op("Reshape", [g.op("Transpose", [attended], { perm: [0, 2, 1] }), g.op("Shape", [x])]);
    return g.op("Add", [x, this.#pointwise(image, names.out, width)]);
  }

  /** A 1x1 convolution, stored as one ([C, C, 1, 1]) or as a linear layer ([C, C]). */
  #pointwise(x: string, name: string, width: number): string {
    const { g } = this;
    const stored = g.weights.get(`${name}.weight`).shape.length === 2 ? [width, width] : [width, width, 1, 1];
    const weight = g.weight(`${name}.weight`, stored, { as: [width, width, 1, 1] });
    return g.op("Conv", [x, weight, g.weight(`${name}.bias`, [width])], { kernel_shape: [1, 1] });
  }

  /** Half the size: zeros to the right and below, 3x3 with stride 2. */
  down(x: string, name: string, width: number): string {
    return this.conv(x, name, { from: width, to: width }, 3, { strides: [2, 2], pads: [0, 0, 1, 1] });
  }

  /** Twice the size: each pixel four times, then 3x3. */
  up(x: string, name: string, width: number): string {
    const attributes = {
      mode: "nearest",
      nearest_mode: "floor",
      coordinate_transformation_mode: "asymmetric",
    };
    const larger = this.g.op("Resize", [x, "", this.g.floats([1, 1, 2, 2])], attributes);
    return this.conv(larger, name, { from: width, to: width });
  }
}
