/** Counterfactual pairs over the target attributes: a portrait without the attribute and the same one with it. */
import { type Attributes, portrait } from "./attributes.ts";
import { EDIT_ATTRIBUTES, type EditAttribute, TARGET_ATTRIBUTES } from "./counterfactual.ts";

export interface Pair {
  attribute: string;
  edit: EditAttribute;
  source: Attributes;
  target: Attributes;
}

/** Takes the attribute away from a portrait that has it; one seed in three does. */
const WITHOUT: Record<(typeof TARGET_ATTRIBUTES)[number], Partial<Attributes>> = {
  beard: { beard: "none" },
  hair_color: {},
  bangs: { bangs: "none", wrinkles: "none" },
  lipstick: { lipstick: "none" },
  eyeglasses: { eyewear: "none" },
  smile: { expression: "neutral", mouth: "closed" },
};

/** The pair of a seed. Seeds go round the target attributes; bald heads skip to one that can be seen on them. */
export function pair(seed: number): Pair {
  const a = portrait(seed);
  for (let i = 0; i < TARGET_ATTRIBUTES.length; i++) {
    const attribute = TARGET_ATTRIBUTES[(seed + i) % TARGET_ATTRIBUTES.length] ?? "beard";
    const edit = EDIT_ATTRIBUTES[attribute] as EditAttribute;
    const source = { ...a, ...WITHOUT[attribute] };
    if (edit.applicable(source)) return { attribute, edit, source, target: edit.apply(source) };
  }
  throw new Error(`no target attribute applies to seed ${seed}`);
}
