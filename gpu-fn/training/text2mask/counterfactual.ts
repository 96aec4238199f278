/** The edits that portraits are judged on: for each, its region, whether a portrait has it, and how to apply it. */

import type { Region } from "../../../shared/regions.ts";
import { type Attributes, withAttribute } from "./attributes.ts";
import type { HairColor } from "./palette.ts";
import { stream } from "./random.ts";

export interface EditAttribute {
  region: Region;
  /** Whether the portrait already has the attribute. */
  present(a: Attributes): boolean;
  /** Whether the edit makes sense and would be seen: no bangs under a hat, no hair colour for the bald. */
  applicable(a: Attributes): boolean;
  /** The portrait with the attribute, all else equal. */
  apply(a: Attributes): Attributes;
  /** Says who is there, without the attribute. */
  sourcePrompt(a: Attributes): string;
  targetPrompt(a: Attributes): string;
}

type Change = Partial<Omit<Attributes, "seed">>;

const source = (a: Attributes): string => `a ${a.gender}`;

function set(a: Attributes, change: Change): Attributes {
  let result = a;
  for (const [name, value] of Object.entries(change))
    result = withAttribute(result, name as "beard", value as "full");
  return result;
}

function edit(
  region: Region,
  change: Change | ((a: Attributes) => Change),
  phrase: string | ((a: Attributes) => string),
  applicable: (a: Attributes) => boolean = () => true,
): EditAttribute {
  const changes = (a: Attributes): Change => (typeof change === "function" ? change(a) : change);
  const present = (a: Attributes): boolean =>
    Object.entries(changes(a)).every(([name, value]) => a[name as keyof Attributes] === value);
  return {
    region,
    present,
    applicable: (a) => applicable(a) && !present(a),
    apply: (a) => set(a, changes(a)),
    sourcePrompt: source,
    targetPrompt: (a) => {
      const text = typeof phrase === "function" ? phrase(a) : phrase;
      return text.includes("{n}") ? text.replace("{n}", a.gender) : `a ${a.gender} ${text}`;
    },
  };
}

const hasHair = (a: Attributes): boolean => a.hairStyle !== "bald" && a.hat === "none";
const bareHead = (a: Attributes): boolean => a.hat === "none";
const eyesSeen = (a: Attributes): boolean => a.eyewear !== "sunglasses";
const browsSeen = (a: Attributes): boolean => eyesSeen(a) && a.bangs === "none";
const chinSeen = (a: Attributes): boolean => a.beard === "none" || a.beard === "mustache";
const lipColor = (a: Attributes): boolean => a.lipstick === "none";
const restingMouth = (a: Attributes): boolean => a.mouth === "closed";

const EDIT_HAIR: readonly HairColor[] = ["black", "brown", "blond", "red", "gray", "blue", "pink"];

/** A hair colour that is clearly not the present one, the same for the same portrait. */
export function otherHairColor(a: Attributes): HairColor {
  const near: Partial<Record<HairColor, HairColor[]>> = {
    "dark brown": ["black", "brown"],
    black: ["dark brown"],
    brown: ["dark brown", "red"],
    red: ["brown"],
    white: ["gray", "blond"],
    gray: ["white"],
    purple: ["blue", "pink"],
  };
  const options = EDIT_HAIR.filter((color) => color !== a.hairColor && !near[a.hairColor]?.includes(color));
  return stream(a.seed, "other hair colour").pick(options);
}

function hair(color: HairColor): EditAttribute {
  return edit("hair", { hairColor: color }, `with ${color} hair`, hasHair);
}

/** Named edits; bench and CLI list them in this order. The first six are what the first model must do well. */
export const EDIT_ATTRIBUTES: Record<string, EditAttribute> = {
  beard: edit("beard", { beard: "full" }, "with a full beard", (a) => a.beard === "none"),
  // The colour depends on the portrait, so `present` (colour is already another one) is never true.
  hair_color: edit(
    "hair",
    (a) => ({ hairColor: otherHairColor(a) }),
    (a) => `with ${otherHairColor(a)} hair`,
    hasHair,
  ),
  bangs: edit(
    "forehead",
    { bangs: "straight" },
    "with bangs",
    (a) => hasHair(a) && a.bangs === "none" && a.wrinkles === "none",
  ),
  lipstick: edit("lips", { lipstick: "red" }, "wearing red lipstick", lipColor),
  eyeglasses: edit("eyeglasses", { eyewear: "glasses" }, "wearing glasses", (a) => a.eyewear === "none"),
  smile: edit(
    "expression",
    { expression: "smile" },
    "a smiling {n}",
    (a) => a.expression === "neutral" && restingMouth(a),
  ),
  black_hair: hair("black"),
  blond_hair: hair("blond"),
  brown_hair: hair("brown"),
  gray_hair: hair("gray"),
  goatee: edit("beard", { beard: "goatee" }, "with a goatee", (a) => a.beard === "none"),
  mustache: edit("beard", { beard: "mustache" }, "with a mustache", (a) => a.beard === "none"),
  sunglasses: edit(
    "eyeglasses",
    { eyewear: "sunglasses" },
    "wearing sunglasses",
    (a) => a.eyewear === "none",
  ),
  sad: edit(
    "expression",
    { expression: "sad" },
    "with a sad expression",
    (a) => a.expression === "neutral" && restingMouth(a),
  ),
  rosy_cheeks: edit("cheeks", { cheeks: "rosy" }, "with rosy cheeks"),
  bushy_eyebrows: edit("eyebrows", { eyebrows: "bushy" }, "with bushy eyebrows", browsSeen),
  arched_eyebrows: edit("eyebrows", { eyebrows: "arched" }, "with arched eyebrows", browsSeen),
  big_nose: edit("nose", { nose: "big" }, "with a big nose"),
  pointy_nose: edit("nose", { nose: "pointy" }, "with a pointy nose"),
  big_lips: edit("lips", { lips: "big" }, "with big lips"),
  closed_eyes: edit("eyes", { eyes: "closed" }, "with closed eyes", eyesSeen),
  open_mouth: edit("mouth", { mouth: "open" }, "with an open mouth", (a) => a.expression === "neutral"),
  pale_skin: edit("skin", { skinTone: 0.04 }, "with pale skin", (a) => a.skinTone > 0.3),
  tan_skin: edit("skin", { skinTone: 0.54 }, "with tan skin", (a) => a.skinTone < 0.36),
  dark_skin: edit("skin", { skinTone: 0.86 }, "with dark skin", (a) => a.skinTone < 0.6),
  heavy_makeup: edit(
    "makeup",
    { makeup: "heavy" },
    "wearing heavy makeup",
    (a) => eyesSeen(a) && a.makeup === "none",
  ),
  bags_under_eyes: edit(
    "under_eyes",
    { underEyes: "bags" },
    "with bags under the eyes",
    (a) => eyesSeen(a) && a.underEyes === "none",
  ),
  receding_hairline: edit(
    "hairline",
    { hairline: "receding" },
    "with a receding hairline",
    (a) => hasHair(a) && a.bangs === "none",
  ),
  double_chin: edit("chin", { doubleChin: "double" }, "with a double chin", chinSeen),
  bald: edit("hair", { hairStyle: "bald", bangs: "none" }, "a bald {n}", bareHead),
  wrinkles: edit(
    "forehead",
    { wrinkles: "forehead" },
    "with forehead wrinkles",
    (a) => bareHead(a) && a.bangs === "none",
  ),
};

/** The attributes that the first model is trained and judged on. */
export const TARGET_ATTRIBUTES = ["beard", "hair_color", "bangs", "lipstick", "eyeglasses", "smile"] as const;
