import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { PACKAGES, SOURCES } from "./packages.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Imports of values, and modules that threads open by their URL. */
const IMPORT =
  /^\s*(?:import|export) (?!type )(?:[^;"]*? from )?"([^"]+)"|import\("([^"]+)"\)|new URL\("(\.[^"]+\.ts)"/gm;

/** Everything that a module loads: the project's files, and names of packages. */
function loaded(entry: string) {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const found of readFileSync(file, "utf8").matchAll(IMPORT)) {
      const name = found.slice(1).find((text) => text !== undefined) ?? "";
      if (name.startsWith(".")) visit(join(dirname(file), name));
      else if (!name.startsWith("node:")) packages.add(name);
    }
  };
  visit(join(ROOT, entry));
  return { files: [...files].map((file) => relative(ROOT, file)), packages };
}

test("the archive has every file and every package that the proof loads, and no other package", () => {
  const { files, packages } = loaded("infra/gpu-proof/machine/prove.ts");
  expect(files).toContain("gpu-fn/src/engine/worker.ts");
  expect(files.filter((file) => !SOURCES.some((path) => file.startsWith(`${path}/`)))).toEqual([]);
  expect([...packages].sort()).toEqual([...PACKAGES].sort());
  for (const path of SOURCES) expect(existsSync(join(ROOT, path)), path).toBe(true);
});
