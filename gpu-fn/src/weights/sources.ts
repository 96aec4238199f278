/** Which files a model consists of, and where each one is on the hub. */
import { WeightsError } from "../errors.ts";
import { type Layout, layoutFiles } from "../manifest/files.ts";
import type { Manifest } from "../manifest/manifest.ts";

/** A file of a repository on the hub. */
export interface HubFile {
  readonly repo: string;
  readonly revision: string;
  readonly path: string;
}

export interface WantedFile extends HubFile {
  /** Path below the model's folder, with forward slashes. */
  readonly local: string;
  /** Only these tensors of a `.safetensors` file. */
  readonly tensors?: readonly string[];
}

/**
 * Every file of a model that is on the hub. That includes a model's own PASL, but not the one shipped with the engine.
 * @throws WeightsError if the manifest does not give the files' source
 */
export function wantedFiles(manifest: Manifest, layout: Layout): WantedFile[] {
  const { id, hub, flux, autoencoder, clip, t5, pasl } = manifest;
  if (hub === undefined) throw new WeightsError(`${id} is not on the hub: its files lie beside its manifest`);
  const projection = clip.projection === undefined ? [] : [clip.projection];
  const located = pasl && "files" in pasl ? pasl.files : [];
  const parts = [flux, autoencoder, clip, t5].flatMap((part) => layoutFiles(part, layout));
  const names = new Set([...parts, ...projection, ...located, clip.tokenizer, t5.tokenizer]);
  return [...names].map((local) => {
    const { repo, revision } = hub;
    const elsewhere = hub.elsewhere[local];
    if (elsewhere === undefined) return { local, repo, revision, path: local };
    const { tensors, ...source } = elsewhere;
    return { local, ...source, ...(tensors === undefined ? {} : { tensors }) };
  });
}
