/** Between pictures and the packed latents [L, C] that the passes work on. */
import { fromModel } from "./image/crop.ts";
import type { Model } from "./model.ts";
import { packLatent, unpackLatent } from "./packing.ts";

/** Z_0 of a picture `[1,3,r,r]` in −1…1. */
export async function latentOf(model: Model, image: Float32Array): Promise<Float32Array> {
  const { z_channels: channels } = model.manifest.autoencoder.config;
  return packLatent(await model.encode(image), channels, 2 * model.grid, 2 * model.grid);
}

/** The picture of a clean latent: interleaved RGB bytes, r·r·3. */
export async function pictureOf(model: Model, latent: Float32Array): Promise<Uint8Array> {
  const { z_channels: channels } = model.manifest.autoencoder.config;
  return fromModel(await model.decode(unpackLatent(latent, channels, 2 * model.grid, 2 * model.grid)));
}
