/** The small parts and T5 on the device, compared with the output of references.py. */
import { join } from "node:path";
import type { Device } from "../../../gpu-fn/src/device/provider.ts";
import { textCompute } from "../../../gpu-fn/src/device/sizes.ts";
import { clipFiles, partFiles } from "../../../gpu-fn/src/manifest/files.ts";
import type { Manifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { openAutoencoder } from "../../../gpu-fn/src/model/autoencoder.ts";
import { openClip } from "../../../gpu-fn/src/model/clip.ts";
import { openT5 } from "../../../gpu-fn/src/model/t5.ts";
import { openWeights } from "../../../gpu-fn/src/safetensors/safetensors.ts";
import { relativeError } from "../../rehearsal/relative-error.ts";

/** Tensors of a part's inputs and outputs. */
export function references(manifest: Manifest, part: string) {
  const io = openWeights(join(manifest.folder, `${part}.io.safetensors`));
  return {
    floats: (name: string) => io.read(name).data as Float32Array,
    ids: () => [Array.from(io.read("ids").data as Int32Array)],
  };
}

export async function t5Error(manifest: Manifest, device: Device): Promise<number> {
  const { floats, ids } = references(manifest, "t5");
  const compute = textCompute(manifest.devices[device].compute);
  const weights = openWeights(...partFiles(manifest, manifest.t5));
  const encoder = await openT5(weights, manifest.t5.config, { provider: device, compute });
  const hidden = await encoder.encode(ids());
  await encoder.release();
  return relativeError(hidden, floats("hidden"));
}

export async function clipError(manifest: Manifest, device: Device): Promise<number> {
  const { floats, ids } = references(manifest, "clip");
  const tower = await openClip(openWeights(...clipFiles(manifest)), manifest.clip.config, {
    provider: device,
  });
  const { lastHidden } = await tower.encode(ids());
  await tower.release();
  return relativeError(lastHidden, floats("hidden"));
}

export interface AutoencoderFigures {
  /** The larger error of the two halves. */
  readonly error: number;
  /** Milliseconds of the first decode and of the one after it. */
  readonly decodes: readonly [first: number, second: number];
}

export async function autoencoderFigures(manifest: Manifest, device: Device): Promise<AutoencoderFigures> {
  const { autoencoder, resolution: side } = manifest;
  const { floats } = references(manifest, "autoencoder");
  const weights = openWeights(...partFiles(manifest, autoencoder));
  const opened = await openAutoencoder(weights, autoencoder.config, { provider: device });
  const { mean } = await opened.encode(floats("image"), { height: side, width: side });
  const { shift_factor: shift = 0, scale_factor: scale = 1 } = autoencoder.config;
  const latent = floats("z").map((value) => (value - shift) * scale);
  const size = { height: side / opened.factor, width: side / opened.factor };
  const decode = async () => {
    const start = performance.now();
    const decoded = await opened.decode(latent, size);
    return { decoded, ms: performance.now() - start };
  };
  const [first, second] = [await decode(), await decode()];
  await opened.release();
  const errors = [relativeError(mean, floats("mean")), relativeError(second.decoded, floats("decoded"))];
  return { error: Math.max(...errors), decodes: [first.ms, second.ms] };
}
