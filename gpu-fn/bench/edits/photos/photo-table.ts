/**
 * The two forms in which values about photos come: CelebA's text files (a count, a line of column names, then a file
 * name and its values on each line) and CSV (a line of column names, the first of them the file name's).
 */
import { readFile } from "node:fs/promises";
import { InputError } from "../../../src/errors.ts";

export interface PhotoTable {
  readonly columns: readonly string[];
  /** Values as they stand in the file, by file name, in the file's order. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

export async function readPhotoTable(path: string): Promise<PhotoTable> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new InputError("file_unreadable", `${path} cannot be read`, { cause });
  });
  return parsePhotoTable(text, path);
}

/** @param name the file's, for errors; @throws InputError, one line with the place, if it is not such a table */
export function parsePhotoTable(text: string, name: string): PhotoTable {
  const wrong = (what: string) => new InputError("option_invalid", `${name}: ${what}`);
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== "");
  const count = /^\d+$/.test(lines[0]?.line ?? "") ? Number(lines.shift()?.line) : undefined;
  const cells = (line: string) =>
    count === undefined
      ? line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"))
      : line.split(/\s+/);
  const head = lines.shift();
  const names = head === undefined ? [] : cells(head.line);
  const columns = count === undefined ? names.slice(1) : names;
  if (columns.length === 0)
    throw wrong("expected CelebA's text format (count, names, rows) or CSV with a line of names");
  const rows = new Map<string, readonly string[]>();
  for (const { line, number } of lines) {
    const [photo = "", ...values] = cells(line);
    if (values.length !== columns.length)
      throw wrong(`line ${number}: ${values.length} values under ${columns.length} names`);
    if (rows.has(photo)) throw wrong(`line ${number}: ${photo} is there twice`);
    rows.set(photo, values);
  }
  if (rows.size === 0) throw wrong("it has no rows");
  if (count !== undefined && count !== rows.size)
    throw wrong(`it says ${count} photos and has ${rows.size}: is it cut off?`);
  return { columns, rows };
}
