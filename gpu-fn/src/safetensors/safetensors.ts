/**
 * The weights of a model in `.safetensors` files: the position of each tensor's bytes. Nothing else is read until it is
 * needed, so a 24 GB checkpoint opens in milliseconds.
 */
import { realpathSync } from "node:fs";
import { basename, dirname, relative, sep } from "node:path";
import { WeightsError } from "../errors.ts";
import { readBytes, readHeader, type TensorEntry } from "./header.ts";

export interface ReadTensor {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** The tensors of one model, from one file or several shards, by name. */
export class Weights {
  /** The deepest folder that contains every file; locations in a graph are relative to it. */
  readonly folder: string;
  readonly #tensors: ReadonlyMap<string, TensorEntry>;

  constructor(folder: string, tensors: ReadonlyMap<string, TensorEntry>) {
    this.folder = folder;
    this.#tensors = tensors;
  }

  names(): IterableIterator<string> {
    return this.#tensors.keys();
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** The tensor of this name. Throws WeightsError if it is missing. */
  get(name: string): TensorEntry {
    const entry = this.#tensors.get(name);
    if (!entry) throw new WeightsError(`${this.folder}: tensor "${name}" is missing`);
    return entry;
  }

  /** The tensor of this name and shape. Throws WeightsError if it is missing or has another shape. */
  expect(name: string, shape: readonly number[]): TensorEntry {
    const entry = this.get(name);
    if (entry.shape.length !== shape.length || entry.shape.some((size, axis) => size !== shape[axis])) {
      throw new WeightsError(
        `${basename(entry.file)}: tensor "${name}" has shape [${entry.shape}], expected [${shape}]`,
      );
    }
    return entry;
  }

  /** Path of an entry's file as used in a graph: relative to `folder`, with forward slashes. */
  location(entry: TensorEntry): string {
    return relative(this.folder, entry.file).split(sep).join("/");
  }

  /** Reads one F32 or I32 tensor into memory. Throws WeightsError for other types. */
  read(name: string): ReadTensor {
    const entry = this.get(name);
    if (entry.type !== "F32" && entry.type !== "I32") {
      throw new WeightsError(
        `${basename(entry.file)}: tensor "${name}" is ${entry.type}, expected F32 or I32`,
      );
    }
    const bytes = readBytes(entry.file, entry.offset, entry.length);
    const data = entry.type === "F32" ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer);
    return { data, shape: entry.shape };
  }
}

/**
 * Opens one or several `.safetensors` files as one set of tensors (shards of a checkpoint).
 * Links are resolved here, because the runtime that later reads the bytes refuses links out of a folder.
 * Throws WeightsError, one line, for anything that is not a well-formed file.
 */
export function openWeights(...paths: readonly string[]): Weights {
  const tensors = new Map<string, TensorEntry>();
  const folders: string[] = [];
  for (const path of paths) {
    const file = resolveFile(path);
    folders.push(dirname(file));
    for (const [name, entry] of readHeader(file)) {
      if (tensors.has(name)) throw new WeightsError(`${basename(path)}: tensor "${name}" is in two files`);
      tensors.set(name, entry);
    }
  }
  return new Weights(commonFolder(folders), tensors);
}

function resolveFile(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new WeightsError(`${path}: no such file`, { cause });
  }
}

function commonFolder(folders: readonly string[]): string {
  const [first = ".", ...others] = folders;
  const parts = first.split(sep);
  for (const other of others) {
    const otherParts = other.split(sep);
    while (parts.some((part, index) => part !== otherParts[index])) parts.pop();
  }
  return parts.join(sep) || sep;
}
