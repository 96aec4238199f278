// `npm run bench:words`: the outcome of typical first prompts and of removals, each edited as in the product.
import { join } from "node:path";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { whole } from "../../src/cli/numbers.ts";
import { openEngine } from "../../src/engine/engine.ts";
import { type Attributes, portrait } from "../../training/text2mask/render.ts";
import { markdown } from "../kit/markdown.ts";
import { outcomeOf } from "./outcome.ts";
import { type Asked, PROMPTS } from "./prompts.ts";
import { measureOnPhotos, measureRemovals, portraitPng, removalsTable } from "./removals.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

/** First seed of the held-out portraits. */
const SEED = 99_000;

const FACES: Readonly<Record<Asked["face"], (face: Attributes) => boolean>> = {
  bare: ({ eyewear, beard, hat }) => eyewear === "none" && beard === "none" && hat === "none",
  glasses: ({ eyewear, beard }) => eyewear === "glasses" && beard === "none",
};

function drawn(face: Asked["face"]): Promise<Uint8Array> {
  let seed = SEED;
  while (!FACES[face](portrait(seed))) seed++;
  return portraitPng(seed);
}

/** The list of taught attributes, which is the same in every row. */
const TAUGHT = /this model was taught [^;]*/g;

const say = (text: string) => void process.stdout.write(`${text}\n\n`);

interface Options {
  readonly faces: number;
  readonly photos?: string;
}

async function bench({ faces: count, photos }: Options): Promise<void> {
  const faces = { bare: await drawn("bare"), glasses: await drawn("glasses") };
  const engine = await openEngine(MINI);
  try {
    const rows: string[][] = [];
    for (const { face, prompt } of PROMPTS) {
      const { read, says } = await outcomeOf(engine, faces[face], prompt);
      rows.push([
        prompt,
        face,
        ...[read, says].map((cell) => cell.replace(TAUGHT, "this model was not taught it")),
      ]);
    }
    say(markdown(["prompt", "face", "read as", "what it gives"], rows, 4));
    const removals = await measureRemovals(engine, count);
    if (photos !== undefined) removals.push(...(await measureOnPhotos(engine, photos)));
    say(removalsTable(removals));
  } finally {
    await engine.close();
  }
}

await runCommand(
  projectCommand("bench:words", "Edits with the prompts of people's first minutes, and removals.")
    .option("--faces <n>", "drawn faces with a thing to remove, and as many without", whole(1), 24)
    .option("--photos <folder>", "also photos, whose split.json says who wears glasses")
    .action(bench),
);
