/** A model with real names, shapes and sizes whose weights are holes in sparse files. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeHeaders } from "../../gpu-fn/src/doctor/headers.ts";
import { int8Files } from "../../gpu-fn/src/manifest/files.ts";
import { type Manifest, readManifest } from "../../gpu-fn/src/manifest/manifest.ts";
import { encodeHeader } from "../../gpu-fn/src/safetensors/writer.ts";
import { wantedTensors } from "../../gpu-fn/src/weights/expected-tensors.ts";
import { claimsOf } from "../../gpu-fn/src/weights/int8.ts";
import { quantisable } from "../../gpu-fn/src/weights/int8-layers.ts";

const TOKENIZER = join(import.meta.dirname, "../../gpu-fn/models/mini/tokenizer.json");

export interface HollowOptions {
  /** Side of the edited square; default: the model's. */
  readonly resolution?: number;
  /** Maximum number of double blocks, single blocks and T5 layers each; default: the model's. */
  readonly blocks?: number;
  /** Where V comes from on a GPU; default: as the model has it. */
  readonly valuePath?: Manifest["devices"]["cuda"]["value_path"];
  /** With files of eight-bit weights. */
  readonly int8: boolean;
}

/**
 * Creates one in a folder, which is emptied first.
 * @param manifest path of the manifest to imitate
 * @returns path of the new manifest
 */
export async function hollowModel(manifest: string, home: string, options: HollowOptions): Promise<string> {
  const described = JSON.parse(readFileSync(manifest, "utf8"));
  const { resolution = described.resolution, int8, valuePath } = options;
  const path = join(home, "manifest.json");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  shorten(described, options.blocks ?? Number.POSITIVE_INFINITY);
  if (valuePath) described.devices.cuda.value_path = valuePath;
  const window = { ...described.window, min: Math.min(described.window.min, resolution) };
  writeFileSync(path, JSON.stringify({ ...described, resolution, window }));
  const made = await readManifest(path);
  writeHeaders(made, "bfl", home);
  if (int8) writeInt8Headers(made);
  for (const { tokenizer } of [made.clip, made.t5]) {
    mkdirSync(dirname(join(home, tokenizer)), { recursive: true });
    copyFileSync(TOKENIZER, join(home, tokenizer));
  }
  return path;
}

function shorten({ flux: { config }, t5, defaults }: Manifest, blocks: number): void {
  config.depth = Math.min(config.depth, blocks);
  config.depth_single_blocks = Math.min(config.depth_single_blocks, blocks);
  t5.config.num_layers = Math.min(t5.config.num_layers, blocks);
  defaults.value_blocks = Math.min(defaults.value_blocks, config.depth_single_blocks);
}

function writeInt8Headers(manifest: Manifest): void {
  const files = int8Files(manifest);
  for (const part of ["flux", "t5"] as const) {
    const claims = claimsOf(quantisable(wantedTensors(manifest, "bfl")[part]));
    const header = encodeHeader(claims);
    writeFileSync(files[part], header);
    truncateSync(
      files[part],
      claims.reduce((size, { length }) => size + length, header.length),
    );
  }
}
