/** Which layers are stored in eight bits, and in blocks of how many values. */
import type { Wanted } from "./expected-tensors.ts";

/** Values that share a scale: the larger, the fewer bytes. */
const BLOCKS = [128, 64, 32] as const;

/** Layers smaller than this gain nothing. */
const FEWEST_ELEMENTS = 4096;

/** Looked up, not multiplied. */
const LOOKED_UP = /^(?:shared|encoder\.embed_tokens|.*relative_attention_bias)(?:\.|$)/;

/** What embeds time, guidance and pooled prompt, once an evaluation. */
const EMBEDDERS = /^(?:time_in|guidance_in|vector_in|time_text_embed)\./;

/** Whether a graph computes with this tensor in float32, whatever the type of its arithmetic. */
export function computedInFloat32(name: string): boolean {
  return EMBEDDERS.test(name);
}

export interface QuantisableLayer {
  /** Name of the weight [out, in]. */
  readonly name: string;
  readonly out: number;
  readonly in: number;
  readonly block: number;
  readonly elements: number;
}

/** Every linear layer of a part whose rows divide into blocks. */
export function quantisable(wanted: Wanted): QuantisableLayer[] {
  return [...wanted].flatMap(([name, shape]) => {
    const [out = 0, inputs = 0] = shape;
    const block = BLOCKS.find((size) => inputs % size === 0);
    if (shape.length !== 2 || block === undefined) return [];
    if (LOOKED_UP.test(name) || computedInFloat32(name)) return [];
    const elements = out * inputs;
    return elements < FEWEST_ELEMENTS ? [] : [{ name, out, in: inputs, block, elements }];
  });
}
