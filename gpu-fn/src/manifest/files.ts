/** Which files of a model lie in its folder. */
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

/** Names of a part's files in a layout; parts that have one only have it in both. */
export function layoutFiles(part: LaidOut, layout: Layout): readonly string[] {
  return layout === "diffusers" ? (part.diffusers ?? part.files) : part.files;
}

/**
 * Full paths of a part's files: of the layout that is there, black-forest-labs' if both are. Where neither is whole
 * they are black-forest-labs', so that an error names the file that most people look for.
 */
export function partFiles(manifest: Pick<Manifest, "folder">, part: LaidOut): string[] {
  const paths = (layout: Layout) => layoutFiles(part, layout).map((file) => join(manifest.folder, file));
  return LAYOUTS.map(paths).find(isThere) ?? paths("bfl");
}

function isThere(paths: readonly string[]): boolean {
  return paths.every((path) => existsSync(path));
}

/** Full paths of CLIP's files: the text projection among them if it has a file of its own and that is there. */
export function clipFiles(manifest: Pick<Manifest, "folder" | "clip">): string[] {
  const { clip, folder } = manifest;
  const projection = clip.projection === undefined ? undefined : join(folder, clip.projection);
  const there = projection !== undefined && existsSync(projection);
  return [...partFiles(manifest, clip), ...(there ? [projection] : [])];
}

/**
 * Full paths of the files the engine reads weights from, in the order it needs them: those around the transformer, then the
 * transformer's. Of the large parts, the eight-bit files if they are there.
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

/** Where the eight-bit weights of the two large parts lie, once they are made. */
export function int8Files({ folder }: Pick<Manifest, "folder">): {
  readonly flux: string;
  readonly t5: string;
} {
  return { flux: join(folder, "flux.int8.safetensors"), t5: join(folder, "t5.int8.safetensors") };
}

/** Whether both are there. */
export function hasInt8(manifest: Pick<Manifest, "folder">): boolean {
  return isThere(Object.values(int8Files(manifest)));
}
