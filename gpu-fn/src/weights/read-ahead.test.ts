import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { int8Files, weightFiles } from "../manifest/files.ts";
import { readManifest } from "../manifest/manifest.ts";
import { readAhead } from "./read-ahead.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-read-ahead-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(bytes));
  return path;
}

test("every byte is read once, whatever the file sizes", async () => {
  const sizes = [0, 1, 8 * 2 ** 20, 8 * 2 ** 20 + 1, 70_000_003];
  const files = sizes.map((bytes, i) => file(String(i), bytes));
  expect(await readAhead(files)).toBe(sizes.reduce((sum, bytes) => sum + bytes));
});

test("stops soon after it is aborted, and names a missing file", async () => {
  const stopped = AbortSignal.abort();
  expect(await readAhead([file("late", 100)], stopped)).toBe(0);
  await expect(readAhead([join(folder, "missing")])).rejects.toThrow("ENOENT");
});

test("files are read in the order in which sessions open, eight-bit ones in place of the large ones", async () => {
  const manifest = await readManifest(join(import.meta.dirname, "../../models/flux-dev/manifest.json"));
  const names = (home: string) => weightFiles({ ...manifest, folder: home }).map((path) => basename(path));
  const plain = names(folder);
  expect(plain.slice(0, 2)).toEqual(["model.safetensors", "ae.safetensors"]);
  expect(plain.at(-1)).toBe("flux1-dev.safetensors");
  expect(plain.indexOf("model-00002-of-00002.safetensors")).toBe(plain.length - 2);
  for (const path of Object.values(int8Files({ folder }))) writeFileSync(path, "");
  expect(names(folder).slice(-2)).toEqual(["t5.int8.safetensors", "flux.int8.safetensors"]);
  expect(names(folder)).not.toContain("flux1-dev.safetensors");
});

test("each file of a manifest is listed once", async () => {
  const manifest = await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json"));
  const files = weightFiles(manifest);
  expect(new Set(files).size).toBe(files.length);
  for (const path of files) expect(statSync(path).size).toBeGreaterThan(0);
});
