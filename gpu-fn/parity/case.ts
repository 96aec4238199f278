/** One parity case on disk, and its results so far. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../src/errors.ts";
import { openWeights, type Weights } from "../src/safetensors/safetensors.ts";

// biome-ignore lint/suspicious/noExplicitAny: a case's configuration is whatever its reference library writes
export type CaseConfig = any;

/** Tensors `in.*` and `out.*`, each compared at most once; those never compared are listed at the end. */
export class ParityCase {
  readonly folder: string;
  readonly config: CaseConfig;
  /** Largest absolute difference so far; Infinity if lengths differ or a value is not a number. */
  worst = 0;
  /** The tensor with the difference `worst`. */
  where = "";
  #io: Weights | undefined;
  readonly #seen = new Set<string>();

  constructor(folder: string, config: CaseConfig) {
    this.folder = folder;
    this.config = config;
  }

  get io(): Weights {
    this.#io ??= this.weights("io.safetensors");
    return this.#io;
  }

  /** Opens a file of the case. @throws InputError if it is missing */
  weights(file = "weights.safetensors"): Weights {
    const path = join(this.folder, file);
    if (!existsSync(path)) throw new InputError("file_unreadable", `${path}: no such file`);
    return openWeights(path);
  }

  has(file: string): boolean {
    return existsSync(join(this.folder, file));
  }

  /** The numbers k of the tensors `case<k>.*`, ascending. */
  numbers(): number[] {
    const found = new Set<number>();
    for (const name of this.io.names()) {
      const number = /^case(\d+)\./.exec(name)?.[1];
      if (number !== undefined) found.add(Number(number));
    }
    return [...found].sort((a, b) => a - b);
  }

  /** A float32 input. */
  input(name: string): Float32Array {
    return Float32Array.from(this.io.read(name).data);
  }

  shape(name: string): readonly number[] {
    return this.io.get(name).shape;
  }

  /** Rows of an integer input [rows, columns]. */
  rows(name: string): number[][] {
    const { data, shape } = this.io.read(name);
    const [rows = 0, columns = 0] = shape;
    return Array.from({ length: rows }, (_, row) => [...data.slice(row * columns, (row + 1) * columns)]);
  }

  /** Compares with an output that the case must have. */
  compare(name: string, actual: ArrayLike<number>): void {
    this.#seen.add(name);
    this.measure(name, actual, this.io.read(name).data);
  }

  /** Compares with an output that only some cases have. */
  compareIfThere(name: string, actual: ArrayLike<number>): void {
    if (this.io.has(name)) this.compare(name, actual);
  }

  measure(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
    let largest = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
    for (let index = 0; index < expected.length; index++) {
      const difference = Math.abs((actual[index] ?? Number.NaN) - (expected[index] ?? Number.NaN));
      largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    if (largest >= this.worst) [this.worst, this.where] = [largest, name];
  }

  /** Outputs that were neither compared nor are checked by other code. */
  unseen(others: RegExp | undefined): string[] {
    if (!this.has("io.safetensors")) return [];
    const outputs = [...this.io.names()].filter((name) => /(^|\.)out\./.test(name));
    return outputs.filter((name) => !this.#seen.has(name) && !others?.test(name));
  }
}

/** Every folder with a config.json under these, in order. @throws InputError if a folder does not exist */
export function findCases(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    if (!existsSync(folder)) throw new InputError("file_unreadable", `${folder}: no such folder`);
    return walk(folder);
  });
}

function walk(folder: string): string[] {
  const own = existsSync(join(folder, "config.json")) ? [folder] : [];
  const below = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
    .flatMap(walk);
  return [...own, ...below];
}

/** Reads a case's configuration. @throws InputError if it is not JSON */
export function openCase(folder: string): ParityCase {
  const path = join(folder, "config.json");
  try {
    return new ParityCase(folder, JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new InputError("file_unreadable", `${path}: not JSON`, { cause });
  }
}
