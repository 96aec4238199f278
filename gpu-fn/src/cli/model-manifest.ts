import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";

const MODELS = join(import.meta.dirname, "../../models");

/** Path of the manifest of a model, named by a name this project knows or by its path. @throws InputError */
export function manifestOf(model: string): string {
  if (model.endsWith(".json")) return resolve(model);
  const path = join(MODELS, model, "manifest.json");
  if (!/^[a-z0-9-]+$/.test(model) || !existsSync(path))
    throw new InputError(
      "option_invalid",
      `there is no model ${model}: give one of gpu-fn/models, or a manifest.json`,
    );
  return path;
}

/** The model's manifest with its files in another folder. */
export async function manifestIn(model: string, folder: string): Promise<Manifest> {
  return { ...(await readManifest(manifestOf(model))), folder: resolve(folder) };
}
