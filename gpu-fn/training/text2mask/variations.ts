/** Counterfactuals of a portrait: the same person with an attribute added, with two, or with one taken away. */
import { isDeepStrictEqual } from "node:util";
import type { Region } from "../../../shared/regions.ts";
import { type Attributes, portrait } from "./attributes.ts";
import { nouns, sentence } from "./captions.ts";
import { EDIT_ATTRIBUTES, type EditAttribute } from "./counterfactual.ts";
import { type Phrase, phrases } from "./phrases.ts";
import { type Stream, stream } from "./random.ts";

export interface Variation {
  /** What was changed: names of EDIT_ATTRIBUTES, or of REMOVALS. */
  readonly names: readonly string[];
  readonly regions: readonly Region[];
  /** Asks for it, as a request does. */
  readonly caption: string;
  readonly target: Attributes;
}

interface Removal {
  readonly region: Region;
  readonly applicable: (a: Attributes) => boolean;
  readonly change: Partial<Attributes>;
}

/** Attributes that a request may take away. */
export const REMOVALS: Readonly<Record<string, Removal>> = {
  no_beard: { region: "beard", applicable: (a) => a.beard !== "none", change: { beard: "none" } },
  no_eyewear: { region: "eyeglasses", applicable: (a) => a.eyewear !== "none", change: { eyewear: "none" } },
  no_lipstick: { region: "lips", applicable: (a) => a.lipstick !== "none", change: { lipstick: "none" } },
  no_bangs: {
    region: "forehead",
    applicable: (a) => a.bangs !== "none" && a.hat === "none",
    change: { bangs: "none", wrinkles: "none" },
  },
  no_smile: {
    region: "expression",
    applicable: (a) => a.expression === "smile",
    change: { expression: "neutral", mouth: "closed" },
  },
};

/** How often two attributes are changed at once, and how often one is taken away. */
const TWO = 0.14;
const REMOVED = 0.1;
/**
 * Colours of any kind come more often than an attribute of one look (the four named ones are attributes of their own),
 * and so do attributes that few portraits can take.
 */
const WEIGHTS: Readonly<Record<string, number>> = {
  hair_color: 1.6,
  black_hair: 0.8,
  brown_hair: 0.8,
  blond_hair: 0.8,
  gray_hair: 0.8,
  dark_skin: 0.7,
  tan_skin: 0.7,
  bangs: 1.8,
  lipstick: 1.3,
  open_mouth: 2,
  receding_hairline: 1.4,
  sad: 1.3,
  smile: 2.2,
};

/** What can be said of the target that is not true of the source, without what follows from it by the way. */
function newPhrases(source: Attributes, target: Attributes): Phrase[] {
  const before = new Set(phrases(source).map(({ text }) => text));
  return phrases(target).filter(({ text }) => !before.has(text));
}

function asked(r: Stream, a: Attributes, edits: readonly EditAttribute[], target: Attributes): string {
  const [first, second] = edits.map((edit) => edit.targetPrompt(a));
  const fresh = newPhrases(a, target);
  if (second === undefined) {
    return fresh.length === 0 || r.chance(0.6) ? (first ?? "") : sentence(r.pick(nouns(a)), [r.pick(fresh)]);
  }
  const start = `a ${a.gender} `;
  return second.startsWith(start) ? `${first} and ${second.slice(start.length)}` : `${first} and ${second}`;
}

/**
 * What a request for glasses leaves open is answered alike each time, black and square: a model that is shown every frame
 * for the same words would learn their blurred mean.
 */
function plainFrames(a: Attributes, caption: string): Attributes {
  if (a.eyewear === "none") return a;
  return {
    ...a,
    frameColor: caption.includes(a.frameColor) ? a.frameColor : "black",
    frameShape: caption.includes(a.frameShape) ? a.frameShape : "square",
  };
}

function addition(r: Stream, a: Attributes, taken: ReadonlySet<string>): Variation | undefined {
  const open = Object.entries(EDIT_ATTRIBUTES).filter(
    ([name, edit]) => !taken.has(name) && edit.applicable(a),
  );
  const pick = (pool: typeof open): (typeof open)[number] => {
    const name = r.weighted(Object.fromEntries(pool.map(([key]) => [key, WEIGHTS[key] ?? 1])));
    return pool.find(([key]) => key === name) as (typeof open)[number];
  };
  if (open.length === 0) return undefined;
  const first = pick(open);
  const chosen = [first];
  let target = first[1].apply(a);
  // The second must be another region's, and still be to be seen once the first is there.
  const others = open.filter(([, edit]) => edit.region !== first[1].region && edit.applicable(target));
  if (others.length > 0 && r.chance(TWO)) {
    const second = pick(others);
    const both = second[1].apply(target);
    if (first[1].region !== "hair" || both.hairStyle !== "bald") {
      chosen.push(second);
      target = both;
    }
  }
  const edits = chosen.map(([, edit]) => edit);
  const caption = asked(r, a, edits, target);
  return {
    names: chosen.map(([name]) => name),
    regions: edits.map(({ region }) => region),
    caption,
    target: a.eyewear === target.eyewear ? target : plainFrames(target, caption),
  };
}

function removal(r: Stream, a: Attributes, taken: ReadonlySet<string>): Variation | undefined {
  const open = Object.entries(REMOVALS).filter(([name, { applicable }]) => !taken.has(name) && applicable(a));
  if (open.length === 0) return undefined;
  const [name, { region, change }] = r.pick(open);
  const target: Attributes = { ...a, ...change };
  const fresh = newPhrases(a, target);
  if (fresh.length === 0) return undefined;
  return { names: [name], regions: [region], caption: sentence(a.gender, [r.pick(fresh)]), target };
}

/** `count` different counterfactuals of a seed's portrait, always the same for the same seed. */
export function variations(seed: number, count: number): Variation[] {
  const a = portrait(seed);
  const r = stream(seed, "variations");
  const taken = new Set<string>();
  const found: Variation[] = [];
  while (found.length < count) {
    const next = (r.chance(REMOVED) ? removal(r, a, taken) : undefined) ?? addition(r, a, taken);
    if (next === undefined) throw new Error(`seed ${seed} has no ${count} counterfactuals`);
    for (const name of next.names) taken.add(name);
    // `hair_color` may pick a colour that is a separate attribute.
    if (!found.some(({ target }) => isDeepStrictEqual(target, next.target))) found.push(next);
  }
  return found;
}
