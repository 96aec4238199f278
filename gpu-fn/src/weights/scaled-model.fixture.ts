/** For tests: a small FLUX.1-dev with real names and files in either layout, tiny widths and random weights. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Layout, layoutFiles } from "../manifest/files.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { encodeHeader } from "../safetensors/writer.ts";
import { type Wanted, wantedTensors } from "./expected-tensors.ts";

const MODELS = join(import.meta.dirname, "../../models");
const TOKENIZER = join(MODELS, "mini/tokenizer.json");
const TOKEN_FILES = ["clip/tokenizer.json", "tokenizer_2/tokenizer.json"];

/** Widths of the scaled model; everything else is as in the real manifest. */
const TINY = {
  resolution: 64,
  window: { min: 32 },
  flux: {
    ...{ in_channels: 16, out_channels: 16, vec_in_dim: 32, context_in_dim: 32, hidden_size: 64 },
    ...{ num_heads: 4, axes_dim: [4, 6, 6], depth: 2, depth_single_blocks: 3 },
  },
  autoencoder: { ch: 32, z_channels: 4, num_res_blocks: 1 },
  clip: {
    ...{ vocab_size: 8000, hidden_size: 32, intermediate_size: 64, num_hidden_layers: 2 },
    ...{ num_attention_heads: 2, projection_dim: 32, eos_token_id: 3, pad_token_id: 0 },
  },
  t5: {
    ...{ vocab_size: 8000, d_model: 32, d_kv: 16, d_ff: 64, num_layers: 2, num_heads: 2 },
    ...{ eos_token_id: 3, pad_token_id: 0 },
  },
};

/** Writes `manifest.json` of the scaled model into a folder. */
export async function writeScaledManifest(folder: string, model = "flux-dev"): Promise<Manifest> {
  const path = join(folder, "manifest.json");
  const real = JSON.parse(readFileSync(join(MODELS, model, "manifest.json"), "utf8"));
  mkdirSync(folder, { recursive: true });
  for (const part of ["flux", "autoencoder", "clip", "t5"] as const)
    Object.assign(real[part].config, TINY[part]);
  Object.assign(real, { resolution: TINY.resolution, window: TINY.window });
  if (real.window) real.window.min = TINY.resolution / 2;
  real.defaults.value_blocks = 2;
  real.t5.length = 32;
  real.clip.length = 32;
  writeFileSync(path, JSON.stringify(real));
  return readManifest(path);
}

/** Every file of the model as on the hub, by path: bf16, with CLIP's projection in a separate file. */
export function scaledFiles(manifest: Manifest, layout: Layout): Map<string, Uint8Array> {
  const wanted = wantedTensors(manifest, layout);
  const { flux, autoencoder, clip, t5 } = manifest;
  const { "text_projection.weight": projection, ...tower } = Object.fromEntries(wanted.clip);
  const files = new Map<string, Uint8Array>();
  const shard = (names: readonly string[], tensors: Wanted) => {
    const all = [...tensors];
    const share = Math.ceil(all.length / names.length);
    names.forEach((name, index) => {
      files.set(name, encode(new Map(all.slice(index * share, (index + 1) * share))));
    });
  };
  shard(layoutFiles(flux, layout), wanted.flux);
  shard(layoutFiles(autoencoder, layout), wanted.autoencoder);
  shard(clip.files, new Map(Object.entries(tower)));
  shard(t5.files, wanted.t5);
  const whole = new Map([...wanted.clip, ["text_projection.weight", projection ?? []] as const]);
  files.set("model.safetensors", encode(whole));
  for (const name of TOKEN_FILES) files.set(name, readFileSync(TOKENIZER));
  return files;
}

/** Writes the scaled model into a folder, as a fetch leaves it. */
export async function writeScaledModel(folder: string, layout: Layout): Promise<Manifest> {
  const manifest = await writeScaledManifest(folder);
  for (const [name, bytes] of scaledFiles(manifest, layout)) {
    if (name === "model.safetensors") continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  for (const name of TOKEN_FILES) cpSync(TOKENIZER, join(folder, name));
  return manifest;
}

/** A `.safetensors` file of bfloat16: gains are 1, the rest is small and random, but the same in every run. */
export function encode(tensors: Wanted): Uint8Array {
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647 - 0.5;
  };
  const entries = [...tensors].map(([name, shape]) => {
    const elements = shape.reduce((product, size) => product * size, 1);
    const gain =
      /(?:norm|scale)[^/]*\.?(?:weight|scale)?$/.test(name) && !name.endsWith("bias") && shape.length === 1;
    const fan = Math.sqrt(elements / (shape[0] ?? 1));
    const floats = Float32Array.from({ length: elements }, () => (gain ? 1 : (2 * random()) / fan));
    const words = new Uint16Array(floats.buffer).filter((_, index) => index % 2 === 1);
    return { name, dtype: "BF16", shape, length: words.byteLength, bytes: new Uint8Array(words.buffer) };
  });
  return Buffer.concat([encodeHeader(entries), ...entries.map(({ bytes }) => bytes)]);
}
