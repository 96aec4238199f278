/**
 * Captions of a portrait: a subject and up to four of its true phrases.
 * `node gpu-fn/training/text2mask/captions.ts --sample N --from SEED` prints N different ones, for text towers.
 */
import { parseArgs } from "node:util";
import { type Attributes, portrait } from "./attributes.ts";
import { type Form, type Phrase, phrases, type Topic } from "./phrases.ts";
import { type Stream, stream } from "./random.ts";

const TARGETS: readonly Topic[] = ["beard", "hair", "bangs", "lipstick", "eyewear", "expression"];
const NEGATIVES: readonly Topic[] = ["no_beard", "no_bangs", "no_lipstick", "no_eyewear"];

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
  const of = (form: Form): string[] =>
    chosen.filter((phrase) => phrase.form === form).map((phrase) => phrase.text);
  const head = [...of("adjective").slice(0, 2), noun].join(" ");
  const parts = [`${/^[aeiou]/.test(head) ? "an" : "a"} ${head}`];
  if (of("with").length > 0) parts.push(`with ${join(of("with"))}`);
  if (of("trailing").length > 0) parts.push(join(of("trailing")));
  if (of("wearing").length > 0) parts.push(`wearing ${join(of("wearing"))}`);
  return parts.join(" ") + end;
}

function pickPhrase(r: Stream, pool: readonly Phrase[], topics: readonly Topic[]): Phrase | undefined {
  const open = [
    ...new Set(pool.filter((phrase) => topics.includes(phrase.topic)).map((phrase) => phrase.topic)),
  ];
  if (open.length === 0) return undefined;
  // A topic first, then a wording: topics with many wordings must not crowd out the others. Everyone has hair
  // and an expression; a third of the portraits have each of the other targets, so these get thrice the weight.
  const rare = ["beard", "bangs", "lipstick", "eyewear"];
  const topic = r.weighted(
    Object.fromEntries(open.map((name) => [name, rare.includes(name) ? 3 : 1])),
  ) as Topic;
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

/** Prints different captions of successive portraits until there are enough. */
function printSample(count: number, from: number): void {
  const seen = new Set<string>();
  for (let seed = from; seen.size < count; seed++) {
    for (const text of captions(portrait(seed), 6)) {
      if (seen.size === count || seen.has(text)) continue;
      seen.add(text);
      process.stdout.write(`${text}\n`);
    }
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: { sample: { type: "string" }, from: { type: "string", default: "200000" } },
  });
  printSample(Number(values.sample ?? 1000), Number(values.from));
}
