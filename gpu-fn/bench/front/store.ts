/** Verdicts in a file, from which a stopped run continues. */
import { readFile, rename, writeFile } from "node:fs/promises";
import type { Judged } from "../edits/judge-edits.ts";

/** One entry's edit of one case. */
export interface Measured {
  readonly entry: string;
  /** The case: attribute and portrait. */
  readonly subject: string;
  readonly judged: Judged;
}

export interface MeasuredStore {
  /** Everything measured, by entry. */
  of(entry: string): readonly Measured[];
  has(entry: string, subject: string): boolean;
  add(measured: Measured): void;
  save(): Promise<void>;
}

interface Kept {
  /** What the measurements depend on besides entry and case: those of another model are dropped. */
  readonly about: string;
  readonly measured: readonly Measured[];
}

/** @param file without it, nothing is stored */
export async function openStore(file: string | undefined, about: string): Promise<MeasuredStore> {
  const kept = file === undefined ? null : await readKept(file);
  const measured = kept?.about === about ? [...kept.measured] : [];
  const keyOf = (entry: string, subject: string) => `${entry}\n${subject}`;
  const known = new Set(measured.map(({ entry, subject }) => keyOf(entry, subject)));
  return {
    of: (entry) => measured.filter((one) => one.entry === entry),
    has: (entry, subject) => known.has(keyOf(entry, subject)),
    add(one) {
      known.add(keyOf(one.entry, one.subject));
      measured.push(one);
    },
    async save() {
      if (file === undefined) return;
      await writeFile(`${file}.part`, JSON.stringify({ about, measured } satisfies Kept));
      await rename(`${file}.part`, file);
    },
  };
}

async function readKept(file: string): Promise<Kept | null> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
