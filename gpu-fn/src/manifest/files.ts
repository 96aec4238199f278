/** The files of a model in its folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "./manifest.ts";
import { paslPart } from "./pasl-part.ts";

export const LAYOUTS = ["bfl", "diffusers"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** A part whose files may have either layout. */
export interface LaidOut {
  readonly files: readonly string[];
  readonly diffusers?: readonly string[] | undefined;
}

/** Names of a part's files in a layout. Parts with only one set of files use it for both layouts. */
export function layoutFiles(part: LaidOut, layout: Layout): readonly string[] {
  return layout === "diffusers" ? (part.diffusers ?? part.files) : part.files;
}

/**
 * Full paths of a part's files: those of the layout that is present, or black-forest-labs' if both are. If neither is
 * complete they are black-forest-labs', so that an error names the file that most people look for.
 */
export function partFiles(manifest: Pick<Manifest, "folder">, part: LaidOut): string[] {
  const paths = (layout: Layout) => layoutFiles(part, layout).map((file) => join(manifest.folder, file));
  return LAYOUTS.map(paths).find(isThere) ?? paths("bfl");
}

function isThere(paths: readonly string[]): boolean {
  return paths.every((path) => existsSync(path));
}

/** Full paths of CLIP's files, including the text projection's own file if it has one that exists. */
export function clipFiles(manifest: Pick<Manifest, "folder" | "clip">): string[] {
  const { clip, folder } = manifest;
  const projection = clip.projection === undefined ? undefined : join(folder, clip.projection);
  const there = projection !== undefined && existsSync(projection);
  return [...partFiles(manifest, clip), ...(there ? [projection] : [])];
}

/**
 * Full paths of the files the engine reads weights from, in the order in which it needs them: the parts around the
 * transformer, then the transformer. For the large parts, the eight-bit files if they exist.
 */
export function weightFiles(manifest: Manifest): string[] {
  const { flux, autoencoder, t5 } = manifest;
  const pasl = paslPart(manifest);
  const packed = hasInt8(manifest) ? int8Files(manifest) : undefined;
  const located = [pasl, pasl?.text].flatMap((part) => (pasl && part ? partFiles(pasl, part) : []));
  return [
    ...new Set([
      ...clipFiles(manifest),
      ...partFiles(manifest, autoencoder),
      ...located,
      ...(packed ? [packed.t5, packed.flux] : [...partFiles(manifest, t5), ...partFiles(manifest, flux)]),
    ]),
  ];
}

/** Paths of the eight-bit weights of the two large parts, whether they exist or not. */
export function int8Files({ folder }: Pick<Manifest, "folder">): {
  readonly flux: string;
  readonly t5: string;
} {
  return { flux: join(folder, "flux.int8.safetensors"), t5: join(folder, "t5.int8.safetensors") };
}

/** Whether both exist. */
export function hasInt8(manifest: Pick<Manifest, "folder">): boolean {
  return isThere(Object.values(int8Files(manifest)));
}
