/**
 * Captions of a portrait: a subject and up to four attribute phrases. A phrase is only offered when it is true
 * and visible (no hair colour for a bald head, no eye colour behind sunglasses).
 */
import type { Attributes } from "./attributes.ts";
import { type Stream, stream } from "./random.ts";

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

const TARGETS: readonly Topic[] = ["beard", "hair", "bangs", "lipstick", "eyewear", "expression"];
const NEGATIVES: readonly Topic[] = ["no_beard", "no_bangs", "no_lipstick", "no_eyewear"];

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
    if (color === "black" || color === "blond" || color === "brown") add("bangs", "with", `${color} hair and bangs`);
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
  } else add("beard", "with", `a ${a.beard}`, `a ${a.beardColor} ${a.beard}`, ...(a.beard === "goatee" ? ["a goatee beard"] : []));

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
    add("eyewear", "wearing", "glasses", "glasses", "eyeglasses", "a pair of glasses", `${a.frameShape} glasses`);
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
  add("clothing", "wearing", a.clothing === "turtleneck" ? "a turtleneck" : a.clothing === "collar" ? "a shirt" : "a sweater");
}

/** The nouns that may name a portrait. */
export function nouns(a: Attributes): string[] {
  const list = ["person", a.gender, a.gender, a.gender];
  if (a.age !== "adult") list.push(`${a.age} ${a.gender}`, `${a.age} ${a.gender}`, `${a.age} person`);
  return list;
}

function join(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}

/** A sentence of a noun and its phrases, in a fixed order of forms. */
export function sentence(noun: string, chosen: readonly Phrase[], end = ""): string {
  const of = (form: Form): string[] => chosen.filter((phrase) => phrase.form === form).map((phrase) => phrase.text);
  const head = [...of("adjective").slice(0, 2), noun].join(" ");
  const parts = [`${/^[aeiou]/.test(head) ? "an" : "a"} ${head}`];
  if (of("with").length > 0) parts.push(`with ${join(of("with"))}`);
  if (of("trailing").length > 0) parts.push(join(of("trailing")));
  if (of("wearing").length > 0) parts.push(`wearing ${join(of("wearing"))}`);
  return parts.join(" ") + end;
}

function pickPhrase(r: Stream, pool: readonly Phrase[], topics: readonly Topic[]): Phrase | undefined {
  const open = [...new Set(pool.filter((phrase) => topics.includes(phrase.topic)).map((phrase) => phrase.topic))];
  if (open.length === 0) return undefined;
  // A topic first, then a wording: topics with many wordings must not crowd out the others.
  const topic = r.pick(open);
  return r.pick(pool.filter((phrase) => phrase.topic === topic));
}

/** One caption of a portrait, at most 24 words. */
export function caption(a: Attributes, r: Stream): string {
  const noun = r.pick(nouns(a));
  const end = r.chance(0.3) ? "." : "";
  if (r.chance(0.08)) return sentence(r.chance(0.5) ? "person" : a.gender, [], ".");
  let pool = phrases(a);
  const chosen: Phrase[] = [];
  const take = (topics: readonly Topic[]): void => {
    const phrase = pickPhrase(r, pool, topics);
    if (!phrase) return;
    chosen.push(phrase);
    pool = pool.filter((other) => other.topic !== phrase.topic && other.text !== phrase.text);
    // "blond hair and bangs" already speaks of the hair, and "no hair" of everything on it.
    if (phrase.text.endsWith("hair and bangs")) pool = pool.filter((other) => other.topic !== "hair");
    if (phrase.topic === "hair") pool = pool.filter((other) => !other.text.endsWith("hair and bangs"));
    if (phrase.topic === "lipstick") pool = pool.filter((other) => other.topic !== "lips");
    if (phrase.topic === "expression") pool = pool.filter((other) => other.topic !== "mouth");
  };
  const all = [...new Set(pool.map((phrase) => phrase.topic))].filter((topic) => !NEGATIVES.includes(topic));
  const about = r.next();
  const count = r.pick([1, 1, 2, 2, 3, 4]);
  // Seven in ten name a target first, positives mostly; the rest of the phrases are any.
  if (about < 0.6) take(TARGETS);
  else if (about < 0.7) take(NEGATIVES);
  while (chosen.length < count) {
    const before = chosen.length;
    take(r.chance(0.45) ? TARGETS : all);
    if (chosen.length === before) break;
  }
  const text = sentence(noun, chosen, end);
  return text.split(" ").length <= 24 ? text : sentence(noun, chosen.slice(0, 2), end);
}

/** `count` captions of a portrait, always the same for the same portrait. */
export function captions(a: Attributes, count: number): string[] {
  const r = stream(a.seed, "captions");
  return Array.from({ length: count }, () => caption(a, r));
}
