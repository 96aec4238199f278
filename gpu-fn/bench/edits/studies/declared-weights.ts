import type { TensorEntry } from "../../../src/safetensors/header.ts";
import { Weights } from "../../../src/safetensors/safetensors.ts";
import { volume } from "./onnx-shapes.ts";

/** Every tensor a builder asks for, in the shape it asks for: a model of any width, built to be counted, never run. */
export class DeclaredWeights extends Weights {
  readonly #asked = new Map<string, TensorEntry>();

  constructor() {
    super("/", new Map());
  }

  override has(): boolean {
    return true;
  }

  override expect(name: string, shape: readonly number[]): TensorEntry {
    const entry = { file: "/declared", type: "F32", shape, offset: 0, length: 4 * volume(shape) } as const;
    this.#asked.set(name, entry);
    return entry;
  }

  override names(): IterableIterator<string> {
    return this.#asked.keys();
  }

  override get(name: string): TensorEntry {
    return this.#asked.get(name) ?? super.get(name);
  }
}

/** Parameters of the tensors whose names begin so, by the files' headers alone. */
export function parametersOf(weights: Weights, prefix = ""): number {
  return [...weights.names()]
    .filter((name) => name.startsWith(prefix))
    .reduce((sum, name) => sum + volume(weights.get(name).shape), 0);
}
