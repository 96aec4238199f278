/** Output of a bench: a summary as JSON, with its picture beside it. Rows of single cases are not stored. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a summary, its folder too if that is missing. */
export async function writeSummary(path: string, summary: object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${rowsOf(summary)}\n`);
}

/** JSON with one line for each array or object of plain values, so that a table's row is one line in diffs. */
export function rowsOf(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = Object.values(value);
  if (inner.every((part) => typeof part !== "object" || part === null))
    return JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((part) => rowsOf(part, deeper))
    : Object.entries(value)
        .filter(([, part]) => part !== undefined)
        .map(([key, part]) => `${JSON.stringify(key)}: ${rowsOf(part, deeper)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${parts.map((part) => deeper + part).join(",\n")}\n${indent}${close}`;
}

/** The path of a summary's picture: `results/edits.json` → `results/edits.svg`. */
export function beside(path: string, extension: ".svg" | ".jpg"): string {
  return path.replace(/\.json$/, "").concat(extension);
}
