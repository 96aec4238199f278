/** A model of real names, shapes and sizes whose weights are holes in files: nothing is read of them but their length. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeHeaders } from "../../../gpu-fn/src/doctor/headers.ts";
import { int8Files } from "../../../gpu-fn/src/manifest/files.ts";
import { type Manifest, readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { encodeHeader } from "../../../gpu-fn/src/safetensors/writer.ts";
import { wantedTensors } from "../../../gpu-fn/src/weights/expected-tensors.ts";
import { claimsOf } from "../../../gpu-fn/src/weights/int8.ts";
import { quantisable } from "../../../gpu-fn/src/weights/int8-layers.ts";

const MODELS = join(import.meta.dirname, "../../../gpu-fn/models");

export interface HollowOptions {
  /** Side of the square that it edits; default: the model's. */
  readonly resolution?: number;
  /** With files of eight-bit weights. */
  readonly int8: boolean;
}

/** Makes one below `folder`. Returns its manifest's path. */
export async function hollowModel(model: string, folder: string, options: HollowOptions): Promise<string> {
  const described = JSON.parse(readFileSync(join(MODELS, model, "manifest.json"), "utf8"));
  const { resolution = described.resolution, int8 } = options;
  const home = join(folder, "models", `${model}-${resolution}${int8 ? "-int8" : ""}`);
  const path = join(home, "manifest.json");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const window = { ...described.window, min: Math.min(described.window.min, resolution) };
  writeFileSync(path, JSON.stringify({ ...described, resolution, window }));
  const manifest = await readManifest(path);
  writeHeaders(manifest, "bfl", home);
  if (int8) writeInt8Headers(manifest);
  for (const { tokenizer } of [manifest.clip, manifest.t5]) {
    mkdirSync(dirname(join(home, tokenizer)), { recursive: true });
    copyFileSync(join(MODELS, "mini/tokenizer.json"), join(home, tokenizer));
  }
  return path;
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
