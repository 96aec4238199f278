/** A model's files with headers only: every tensor with its real name and shape, but without its data. */
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Layout, layoutFiles } from "../manifest/files.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { encodeHeader } from "../safetensors/writer.ts";
import { type Wanted, wantedTensors } from "../weights/expected-tensors.ts";

/** Writes sparse bfloat16 files of full size to a folder; they take a few hundred kilobytes on disk. */
export function writeHeaders(manifest: Manifest, layout: Layout, folder: string): void {
  const { flux, autoencoder, clip, t5, pasl } = manifest;
  const wanted = wantedTensors(manifest, layout);
  const write = (files: readonly string[], tensors: Wanted) => {
    const all = [...tensors];
    const share = Math.ceil(all.length / files.length);
    files.forEach((file, index) => {
      writeSparse(join(folder, file), all.slice(index * share, (index + 1) * share));
    });
  };
  write(layoutFiles(flux, layout), wanted.flux);
  write(layoutFiles(autoencoder, layout), wanted.autoencoder);
  write(clip.files, wanted.clip);
  write(t5.files, wanted.t5);
  if (pasl && "files" in pasl) write(pasl.files, wanted.pasl);
}

function writeSparse(
  path: string,
  tensors: readonly (readonly [name: string, shape: readonly number[]])[],
): void {
  const claims = tensors.map(([name, shape]) => {
    const length = 2 * shape.reduce((product, size) => product * size, 1);
    return { name, dtype: "BF16", shape, length };
  });
  const header = encodeHeader(claims);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, header);
  truncateSync(
    path,
    claims.reduce((size, { length }) => size + length, header.length),
  );
}
