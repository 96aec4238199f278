/** What a bench writes: a summary as JSON, and its picture beside it. Rows of single cases are not kept. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a summary, its folder too if that is missing. */
export async function writeSummary(path: string, summary: object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(summary, null, 2)}\n`);
}

/** The path of a summary's picture: `results/edits.json` → `results/edits.svg`. */
export function beside(path: string, extension: ".svg" | ".jpg"): string {
  return path.replace(/\.json$/, "").concat(extension);
}
