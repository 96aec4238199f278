/**
 * The true phrases of a portrait. A phrase is only offered when it holds and can be seen: no hair colour for a
 * bald head, no eye colour behind sunglasses.
 */
import type { Attributes } from "./attributes.ts";

/** How a phrase joins the subject: before the noun, after "with", after "wearing", or as a trailing clause. */
export type Form = "adjective" | "with" | "wearing" | "trailing";

export interface Phrase {
  topic: Topic;
  form: Form;
  text: string;
}

export type Topic =
  | "beard"
  | "hair"
  | "bangs"
  | "lipstick"
  | "eyewear"
  | "expression"
  | "no_beard"
  | "no_bangs"
  | "no_lipstick"
  | "no_eyewear"
  | "brows"
  | "eyes"
  | "under_eyes"
  | "nose"
  | "lips"
  | "mouth"
  | "cheeks"
  | "makeup"
  | "hat"
  | "earrings"
  | "hairline"
  | "wrinkles"
  | "chin"
  | "face"
  | "freckles"
  | "skin"
  | "clothing";

const WITH_HAIR = {
  short: ["short", "short"],
  bob: ["a bob of", "bob"],
  long: ["long", "long"],
  curly: ["curly", "curly"],
  wavy: ["wavy", "wavy"],
  updo: ["an updo of", "updo"],
} as const;

function hairPhrases(a: Attributes, add: (topic: Topic, form: Form, ...texts: string[]) => void): void {
  if (a.hairStyle === "bald") {
    if (a.hat === "none") {
      add("hair", "adjective", "bald");
      add("hair", "with", "a bald head", "no hair");
    }
    return;
  }
  const color = a.hairColor;
  const [style] = WITH_HAIR[a.hairStyle];
  // The colour alone comes twice as often as with the style: it is what edits ask for.
  add("hair", "with", `${color} hair`, `${color} hair`, `${style} ${color} hair`);
  if (color === "red") add("hair", "with", "ginger hair");
  if (color === "blond" || color === "gray") add("hair", "adjective", `${color}-haired`);
  if (a.hairStyle === "curly" || a.hairStyle === "wavy") add("hair", "with", `${style} hair`);
  if (a.hairStyle === "long" || a.hairStyle === "short") add("hair", "with", `${style} hair`);
  if (a.hairStyle === "bob") add("hair", "with", "a bob haircut");
  if (a.hairStyle === "updo") add("hair", "with", "hair in a bun");
  if (a.hat !== "none") return;
  if (a.bangs === "none") add("no_bangs", "with", "no bangs", "a bare forehead");
  else {
    add("bangs", "with", "bangs", "bangs", `${a.bangs} bangs`, "bangs covering the forehead");
    if (color === "black" || color === "blond" || color === "brown")
      add("bangs", "with", `${color} hair and bangs`);
  }
  if (a.hairline === "receding") add("hairline", "with", "a receding hairline", "a high hairline");
}

/** Every true phrase of a portrait. */
export function phrases(a: Attributes): Phrase[] {
  const list: Phrase[] = [];
  const add = (topic: Topic, form: Form, ...texts: string[]): void => {
    for (const text of texts) list.push({ topic, form, text });
  };
  hairPhrases(a, add);
  if (a.beard === "none") {
    add("no_beard", "adjective", "clean-shaven");
    add("no_beard", "with", "no beard");
    add("no_beard", "trailing", "without a beard");
  } else if (a.beard === "full") {
    add("beard", "with", "a beard", "a full beard", "a full beard", `a ${a.beardColor} beard`);
    add("beard", "adjective", "bearded");
  } else
    add(
      "beard",
      "with",
      `a ${a.beard}`,
      `a ${a.beardColor} ${a.beard}`,
      ...(a.beard === "goatee" ? ["a goatee beard"] : []),
    );

  if (a.lipstick === "none") {
    add("no_lipstick", "wearing", "no lipstick");
    add("no_lipstick", "trailing", "without lipstick");
    add("no_lipstick", "with", "natural lips");
  } else {
    add("lipstick", "wearing", `${a.lipstick} lipstick`, `${a.lipstick} lipstick`, "lipstick");
    add("lipstick", "with", `${a.lipstick} lips`, `${a.lipstick} lipstick`);
  }

  if (a.eyewear === "none") {
    add("no_eyewear", "trailing", "without glasses");
    add("no_eyewear", "wearing", "no glasses");
  } else if (a.eyewear === "glasses") {
    add(
      "eyewear",
      "wearing",
      "glasses",
      "glasses",
      "eyeglasses",
      "a pair of glasses",
      `${a.frameShape} glasses`,
    );
    add("eyewear", "wearing", `${a.frameColor} glasses`);
    add("eyewear", "with", "glasses");
  } else {
    add("eyewear", "wearing", "sunglasses", "dark sunglasses");
    add("eyewear", "with", "sunglasses");
  }

  if (a.expression === "smile") {
    add("expression", "adjective", "smiling", "smiling", "happy");
    add("expression", "with", "a smile", "a big smile");
    add("expression", "trailing", "smiling");
  } else if (a.expression === "sad") {
    add("expression", "adjective", "sad");
    add("expression", "with", "a sad expression");
  } else {
    add("expression", "with", "a neutral expression");
    add("expression", "trailing", "with no smile");
  }
  detailPhrases(a, add);
  return list;
}

/** Phrases of the attributes that are not editing targets of the first model. */
function detailPhrases(a: Attributes, add: (topic: Topic, form: Form, ...texts: string[]) => void): void {
  if (a.expression !== "smile") {
    if (a.mouth === "open") add("mouth", "with", "a slightly opened mouth", "an open mouth");
    else add("mouth", "with", "a closed mouth");
  }
  if (a.eyebrows !== "natural") add("brows", "with", `${a.eyebrows} eyebrows`);
  if (a.eyewear !== "sunglasses") {
    if (a.eyes === "closed") add("eyes", "with", "closed eyes");
    else {
      add("eyes", "with", `${a.eyeColor} eyes`);
      if (a.eyeSize > 1.1) add("eyes", "with", "large eyes");
      if (a.eyeSize < 0.95) add("eyes", "with", "small eyes");
      if (a.pupils === "dilated") add("eyes", "with", "dilated pupils");
    }
    if (a.underEyes === "bags") add("under_eyes", "with", "bags under the eyes");
    if (a.underEyes === "dark circles") add("under_eyes", "with", "dark circles under the eyes");
    if (a.makeup === "heavy") {
      add("makeup", "wearing", "heavy makeup");
      add("makeup", "with", "heavy makeup");
    }
    if (a.makeup === "light") add("makeup", "wearing", "light makeup");
  }
  if (a.nose !== "normal") add("nose", "with", `a ${a.nose} nose`);
  if (a.lips !== "normal") add("lips", "with", `${a.lips} lips`);
  if (a.cheeks === "rosy") add("cheeks", "with", "rosy cheeks", "red cheeks");
  if (a.hat !== "none") add("hat", "wearing", `a ${a.hat}`, "a hat");
  const earsShow = a.hairStyle === "bald" || a.hairStyle === "short" || a.hairStyle === "updo";
  if (a.earrings !== "none" && earsShow) add("earrings", "wearing", "earrings");
  if (a.wrinkles === "forehead" && a.hat === "none" && a.bangs === "none") {
    add("wrinkles", "with", "forehead wrinkles", "wrinkles on the forehead");
  }
  if (a.doubleChin === "double" && a.beard !== "full") add("chin", "with", "a double chin");
  if (a.jaw > 0.8 && a.beard !== "full") add("chin", "with", "a square chin");
  if (a.faceWidth > 1.05) add("face", "with", "a wide face");
  if (a.faceWidth < 0.94) add("face", "with", "a slim face");
  if (a.freckles === "freckles") add("freckles", "with", "freckles");
  if (a.skinTone < 0.16) add("skin", "with", "pale skin");
  else if (a.skinTone < 0.34) add("skin", "with", "fair skin");
  else if (a.skinTone > 0.42 && a.skinTone < 0.62) add("skin", "with", "tan skin");
  else if (a.skinTone > 0.74) add("skin", "with", "dark skin");
  add(
    "clothing",
    "wearing",
    a.clothing === "turtleneck" ? "a turtleneck" : a.clothing === "collar" ? "a shirt" : "a sweater",
  );
}
