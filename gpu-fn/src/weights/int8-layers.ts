/** Which layers are stored in eight bits, and in blocks of how many values. */
import type { Wanted } from "./expected-tensors.ts";

/** Values that share a scale: the larger, the fewer bytes. */
const BLOCKS = [128, 64, 32] as const;

/** Layers smaller than this gain nothing. */
const FEWEST_ELEMENTS = 4096;

/** Looked up or embedded, not multiplied; or what is embedded once an evaluation in float32. */
const NEVER =
  /^(?:shared|encoder\.embed_tokens|.*relative_attention_bias|(?:time|guidance|vector)_in\..*|time_text_embed\..*)(?:\.|$)/;

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
    if (shape.length !== 2 || block === undefined || NEVER.test(name)) return [];
    const elements = out * inputs;
    return elements < FEWEST_ELEMENTS ? [] : [{ name, out, in: inputs, block, elements }];
  });
}
