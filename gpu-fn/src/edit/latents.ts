/** Converts between pictures and the packed latents [L, C] that the passes work on. */
import { fromModel } from "../image/crop.ts";
import { type Model, squareGrid } from "../model/model.ts";
import { packLatent, type TokenGrid, unpackLatent } from "../tensor/packing.ts";

/** Z_0 of a picture `[1,3,h,w]` in −1…1. @param grid the picture's tokens; default: those of the model's square */
export async function latentOf(
  model: Model,
  image: Float32Array,
  grid: TokenGrid = squareGrid(model),
): Promise<Float32Array> {
  const { z_channels: channels } = model.manifest.autoencoder.config;
  return packLatent(await model.encode(image, grid), channels, 2 * grid.rows, 2 * grid.columns);
}

/** The picture of a clean latent: interleaved RGB bytes, h·w·3. @param grid as in `latentOf` */
export async function pictureOf(
  model: Model,
  latent: Float32Array,
  grid: TokenGrid = squareGrid(model),
): Promise<Uint8Array> {
  const { z_channels: channels } = model.manifest.autoencoder.config;
  return fromModel(await model.decode(unpackLatent(latent, channels, 2 * grid.rows, 2 * grid.columns), grid));
}
