import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { weightFiles } from "../manifest/files.ts";
import { readManifest } from "../manifest/manifest.ts";
import { readAhead } from "./read-ahead.ts";

const folder = mkdtempSync(join(tmpdir(), "flux-read-ahead-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(bytes));
  return path;
}

test("every byte is read once, whatever the sizes", async () => {
  const sizes = [0, 1, 8 * 2 ** 20, 8 * 2 ** 20 + 1, 70_000_003];
  const files = sizes.map((bytes, i) => file(String(i), bytes));
  expect(await readAhead(files)).toBe(sizes.reduce((sum, bytes) => sum + bytes));
});

test("it ends soon where it is told so, and says where a file is missing", async () => {
  const stopped = AbortSignal.abort();
  expect(await readAhead([file("late", 100)], stopped)).toBe(0);
  await expect(readAhead([join(folder, "missing")])).rejects.toThrow("ENOENT");
});

test("a manifest's files are named once each", async () => {
  const manifest = await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json"));
  const files = weightFiles(manifest);
  expect(new Set(files).size).toBe(files.length);
  for (const path of files) expect(statSync(path).size).toBeGreaterThan(0);
});
