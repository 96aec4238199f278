/**
 * The autoencoder, ready to run: pictures to latents and back (docs/algorithm.md section 2). A size is in pixels of the
 * picture or latent that it is given with.
 */
import { WeightsError } from "../errors.ts";
import { buildDecoder, buildEncoder } from "../graph/autoencoder.ts";
import type { AutoencoderConfig } from "../graph/autoencoder-config.ts";
import type { Size } from "../image/picture.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import { openSession, type SessionOptions } from "./session.ts";

export interface Encoded extends Size {
  /** Mean and log-variance [B, 2z, h, w]. */
  readonly moments: Float32Array;
  /** The mean [B, z, h, w], used instead of a sample. */
  readonly mean: Float32Array;
  /** The mean, shifted and scaled to about unit variance, as the transformer uses it. */
  readonly latent: Float32Array;
}

export interface Autoencoder {
  /** Side of one latent pixel, in pixels of the picture. */
  readonly factor: number;
  readonly channels: number;
  /** Encodes [B, 3, H, W] in −1..1. Throws RangeError if a side is not a multiple of the factor. */
  encode(image: Float32Array, size: Size): Promise<Encoded>;
  /** Decodes a latent [B, z, h, w] to [B, 3, H, W], about −1..1, not clipped. */
  decode(latent: Float32Array, size: Size): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Opens both halves. Throws WeightsError if weights and config disagree. */
export async function openAutoencoder(
  weights: Weights,
  config: AutoencoderConfig,
  options: SessionOptions = {},
): Promise<Autoencoder> {
  const { z_channels: channels, in_channels: colours = 3 } = config;
  const factor = 2 ** (config.ch_mult.length - 1);
  const scaling = latentScaling(config);
  const encoder = await openSession(buildEncoder(weights, config), options);
  const decoder = await openSession(buildDecoder(weights, config), options);

  return {
    factor,
    channels,
    async encode(image, { height, width }) {
      if (height % factor !== 0 || width % factor !== 0) {
        throw new RangeError(`a picture of ${width}x${height} is no multiple of ${factor}`);
      }
      const batch = image.length / (colours * height * width);
      const { moments = new Float32Array() } = await encoder.run({
        image: { data: image, shape: [batch, colours, height, width] },
      });
      const pixels = (height / factor) * (width / factor);
      const mean = meanOf(moments, channels * pixels);
      const latent = mapChannels(mean, pixels, scaling, (value, { mean, std }) => (value - mean) / std);
      return { moments, mean, latent, height: height / factor, width: width / factor };
    },
    async decode(latent, { height, width }) {
      const z = mapChannels(latent, height * width, scaling, (value, { mean, std }) => value * std + mean);
      const batch = z.length / (channels * height * width);
      const { image = new Float32Array() } = await decoder.run({
        z: { data: z, shape: [batch, channels, height, width] },
      });
      return image;
    },
    release: async () => {
      await encoder.release();
      await decoder.release();
    },
  };
}

interface ChannelScaling {
  readonly mean: number;
  readonly std: number;
}

function latentScaling(config: AutoencoderConfig): ChannelScaling[] {
  const { latent_mean: means, latent_std: stds, z_channels: channels } = config;
  for (const values of [means, stds]) {
    if (values && values.length !== channels) {
      throw new WeightsError(`autoencoder: ${values.length} latent statistics for ${channels} channels`);
    }
  }
  return Array.from({ length: channels }, (_, channel) => ({
    mean: means?.[channel] ?? config.shift_factor ?? 0,
    std: stds?.[channel] ?? 1 / (config.scale_factor ?? 1),
  }));
}

/** The first half of each image's channels. */
function meanOf(moments: Float32Array, length: number): Float32Array {
  const mean = new Float32Array(moments.length / 2);
  for (let start = 0; start < mean.length; start += length) {
    mean.set(moments.subarray(2 * start, 2 * start + length), start);
  }
  return mean;
}

function mapChannels(
  values: Float32Array,
  pixels: number,
  scaling: readonly ChannelScaling[],
  map: (value: number, scaling: ChannelScaling) => number,
): Float32Array {
  return values.map((value, index) =>
    map(value, scaling[Math.floor(index / pixels) % scaling.length] ?? { mean: 0, std: 1 }),
  );
}
