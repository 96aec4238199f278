/** Which layers are stored in eight bits, and how many values share a block. */
import type { Wanted } from "./expected-tensors.ts";

/** Number of values that share a scale: larger blocks need fewer bytes. */
const BLOCKS = [128, 64, 32] as const;

/** Layers smaller than this gain nothing. */
const FEWEST_ELEMENTS = 4096;

/** Tables that are looked up, not multiplied. */
const LOOKED_UP = /^(?:shared|encoder\.embed_tokens|.*relative_attention_bias)(?:\.|$)/;

/** Layers that embed time, guidance and the pooled prompt, once per evaluation. */
const EMBEDDERS = /^(?:time_in|guidance_in|vector_in|time_text_embed)\./;

/** Whether a graph uses this tensor in float32, whatever the type of its other arithmetic. */
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
