/** The autoencoder's layers as nodes of a graph (docs/algorithm.md section 2; black-forest-labs/flux autoencoder.py). */
import type { AutoencoderConfig } from "./autoencoder-config.ts";
import type { AttentionNames, AutoencoderSide } from "./autoencoder-names.ts";
import type { GraphBuilder } from "./builder.ts";

interface Widths {
  readonly from: number;
  readonly to: number;
}

/** Pictures pass through the graph as [B, channels, height, width]. */
export class AutoencoderLayers {
  readonly g: GraphBuilder;
  readonly #config: AutoencoderConfig;
  readonly #names: AutoencoderSide;

  constructor(g: GraphBuilder, config: AutoencoderConfig, names: AutoencoderSide) {
    this.g = g;
    this.#config = config;
    this.#names = names;
  }

  /** A 3x3 convolution with padding 1, unless the attributes say otherwise. */
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

  /**
   * GroupNorm: normalises each group of channels of each image, then applies a gain and a bias per channel. Not by
   * InstanceNormalization, which adds up a group's values one after the other on the processor: a million of them, as at
   * 512², cost two digits.
   */
  norm(x: string, name: string, width: number): string {
    const { g } = this;
    const perChannel = { as: [width, 1, 1] };
    const centred = g.op("Sub", [x, this.#groupMean(x, width)]);
    const variance = this.#groupMean(g.op("Mul", [centred, centred]), width);
    const deviation = g.op("Sqrt", [g.op("Add", [variance, g.scalar(this.#config.gn_eps ?? 1e-6)])]);
    const gain = g.op("Div", [g.weight(`${name}.weight`, [width], perChannel), deviation]);
    return g.op("Add", [g.op("Mul", [centred, gain]), g.weight(`${name}.bias`, [width], perChannel)]);
  }

  /** [B, C, H, W] → [B, C, 1, 1]: the mean of each channel's group, of rows first, then columns, then channels. */
  #groupMean(x: string, width: number): string {
    const { g } = this;
    const groups = this.#config.gn_groups ?? 32;
    const rows = g.op("ReduceMean", [x, g.ints([3])]);
    const channels = g.op("ReduceMean", [rows, g.ints([2])]);
    const grouped = g.reshape(channels, [0, groups, width / groups]);
    const mean = g.op("ReduceMean", [grouped, g.ints([2])]);
    return g.reshape(g.op("Expand", [mean, g.ints([1, 1, width / groups])]), [0, width, 1, 1]);
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

  /** A 1x1 convolution, stored as such ([C, C, 1, 1]) or as a linear layer ([C, C]). */
  #pointwise(x: string, name: string, width: number): string {
    const { g } = this;
    const stored = g.weights.get(`${name}.weight`).shape.length === 2 ? [width, width] : [width, width, 1, 1];
    const weight = g.weight(`${name}.weight`, stored, { as: [width, width, 1, 1] });
    return g.op("Conv", [x, weight, g.weight(`${name}.bias`, [width])], { kernel_shape: [1, 1] });
  }

  /** Halves the size: zero padding right and below, then 3x3 with stride 2. */
  down(x: string, name: string, width: number): string {
    return this.conv(x, name, { from: width, to: width }, 3, { strides: [2, 2], pads: [0, 0, 1, 1] });
  }

  /** Doubles the size: nearest neighbour, then 3x3. */
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
