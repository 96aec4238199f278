import { stream } from "../../training/text2mask/random.ts";
import { REGION_PHRASES } from "../../training/text2mask/regions/phrases.ts";
import { WORDINGS } from "../../training/text2mask/wordings.ts";

/** How many prompts the grammar gives. */
const GRAMMAR_PROMPTS = 2_000;

const SUBJECTS =
  "a person;a man;a woman;someone;an old man;an old woman;a young woman;a young man;the woman;my grandmother".split(
    ";",
  );

/** What people ask for that no region's wordings have. */
const MORE =
  "a hat;a baseball cap;a headband;a scarf;pearl earrings;a silver necklace;a nose stud;a tattoo on the neck;a bow tie;a white shirt;a denim jacket;a crown of flowers;a hearing aid;a bandage on the chin;freckles;laugh lines;a warm smile for the whole family;a kid-friendly smile;a look of surprise;a 1920s hairstyle;silver fox hair;movie star hair;a school teacher's glasses;a runner's tan;a hangover look;a passport photo expression;a face as after a good night's sleep".split(
    ";",
  );

/** Whole requests around one thing. */
const REQUESTS =
  "give her {};give him {};add {};please add {} and keep the rest;show them with {};the same person with {};make it {};a portrait with {}, soft light;make him look older, with {};make her look younger, with {}".split(
    ";",
  );

/** Everything that training and held-out wordings say a person has. */
const THINGS = Object.values(REGION_PHRASES)
  .flatMap(({ train, heldOut }) => [...train, ...heldOut])
  .flatMap((phrase) => (phrase.startsWith("{s} with ") ? phrase.slice("{s} with ".length) : []));

/** Harmless prompts of one to eight attributes, always the same. */
export function grammarPrompts(count = GRAMMAR_PROMPTS): string[] {
  const made = new Set<string>();
  for (let seed = 0; made.size < count; seed++) {
    const draw = stream(seed, "harmless prompt");
    const thing = () => draw.pick(draw.chance(0.2) ? MORE : THINGS);
    const things = Array.from({ length: draw.pick([1, 1, 2, 3, 4, 6, 8]) }, thing);
    const [first = ""] = things;
    made.add(
      draw.chance(0.3)
        ? draw.pick(REQUESTS).replace("{}", first)
        : `${draw.pick(SUBJECTS)} with ${things.join(", ")}`,
    );
  }
  return [...made].filter((prompt) => prompt.length <= 500);
}

/** PASL's own wordings, training and held out, every subject. */
export const ownWordings = (): string[] => [
  ...new Set(WORDINGS.flatMap(({ train, heldOut }) => [...train, ...heldOut])),
];
