/** Which files of a model lie in its folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "./manifest.ts";

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

/** The parts that the model can do without, as full paths; undefined for what the folder lacks. */
export function optionalFiles(manifest: Manifest): {
  readonly projection: string | undefined;
  readonly pasl: readonly string[] | undefined;
} {
  const { clip, pasl, folder } = manifest;
  const projection = clip.projection === undefined ? undefined : join(folder, clip.projection);
  const locator = pasl && partFiles(manifest, pasl);
  return {
    projection: projection !== undefined && existsSync(projection) ? projection : undefined,
    pasl: locator && (!pasl?.optional || isThere(locator)) ? locator : undefined,
  };
}

/** Full paths of all weights the engine will open. */
export function weightFiles(manifest: Manifest): string[] {
  const { flux, autoencoder, clip, t5 } = manifest;
  const { projection, pasl } = optionalFiles(manifest);
  const parts = [flux, t5, autoencoder, clip].flatMap((part) => partFiles(manifest, part));
  return [...new Set([...parts, ...(projection ? [projection] : []), ...(pasl ?? [])])];
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
