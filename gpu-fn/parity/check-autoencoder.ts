/** `ae_bfl` and `ae_diffusers`: moments, mean, scaled latent, decoded latent, reconstruction. */

import { type AutoencoderConfig, autoencoderConfigFromDiffusers } from "../src/graph/autoencoder-config.ts";
import { openAutoencoder } from "../src/model/autoencoder.ts";
import type { ParityCase } from "./case.ts";

export const checkAutoencoderBfl = (parity: ParityCase) => check(parity, parity.config);

export const checkAutoencoderDiffusers = (parity: ParityCase) =>
  check(parity, autoencoderConfigFromDiffusers(parity.config));

async function check(parity: ParityCase, config: AutoencoderConfig): Promise<void> {
  const autoencoder = await openAutoencoder(parity.weights(), config);
  const size = (name: string) => {
    const [, , height = 0, width = 0] = parity.shape(name);
    return { height, width };
  };
  for (const number of parity.numbers()) {
    const [image, z] = [`case${number}.in.image`, `case${number}.in.z`];
    const out = `case${number}.out`;
    const encoded = await autoencoder.encode(parity.input(image), size(image));
    parity.compare(`${out}.moments`, encoded.moments);
    parity.compareIfThere(`${out}.mean`, encoded.mean);
    parity.compare(`${out}.latent`, encoded.latent);
    parity.compare(`${out}.decoded`, await autoencoder.decode(parity.input(z), size(z)));
    parity.compare(`${out}.recon`, await autoencoder.decode(encoded.latent, encoded));
  }
  await autoencoder.release();
}
