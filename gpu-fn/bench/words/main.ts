// `npm run bench:words`: the outcome of typical first prompts, each edited on a drawn portrait as in the product.
import { join } from "node:path";
import sharp from "sharp";
import { attributesOf } from "../../../shared/attributes.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { judgeWords } from "../../../shared/moderation/prompt.ts";
import { DEFAULT_MODERATION } from "../../../shared/moderation/settings.ts";
import { PRESETS } from "../../../shared/presets.ts";
import { DEFAULT_SOURCE_PROMPT } from "../../../shared/prompt.ts";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { requireChange } from "../../src/edit/visible-change.ts";
import { type Engine, openEngine } from "../../src/engine/engine.ts";
import { InputError } from "../../src/errors.ts";
import { type Attributes, portrait, renderPortrait } from "../../training/text2mask/render.ts";
import { markdown } from "../kit/markdown.ts";
import { type Asked, PROMPTS } from "./prompts.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

/** First seed of the held-out portraits. */
const SEED = 99_000;
const SIDE = 512;

const FACES: Readonly<Record<Asked["face"], (face: Attributes) => boolean>> = {
  bare: ({ eyewear, beard, hat }) => eyewear === "none" && beard === "none" && hat === "none",
  glasses: ({ eyewear, beard }) => eyewear === "glasses" && beard === "none",
};

async function drawn(face: Asked["face"]): Promise<Uint8Array> {
  let seed = SEED;
  while (!FACES[face](portrait(seed))) seed++;
  const rgb = await renderPortrait(portrait(seed), SIDE);
  return sharp(rgb, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}

/** How a prompt is read, and its outcome. */
async function outcome(
  engine: Engine,
  bytes: Uint8Array,
  prompt: string,
): Promise<readonly [string, string]> {
  const refused = await judgeWords([prompt], DEFAULT_MODERATION);
  if (refused !== null) return ["", refused.detail];
  try {
    const result = await engine.edit({
      photo: { bytes },
      prompt,
      locate: attributesOf(prompt),
      sourcePrompt: DEFAULT_SOURCE_PROMPT,
      maskOptions: maskOptionsSchema.parse({}),
      schedule: PRESETS.fast,
      composite: "paste-back",
    });
    const read = [result.readAs ?? "", ...result.warnings].filter((line) => line !== "").join("; ");
    try {
      requireChange(result);
      return [read, `edited: ${(100 * result.changed).toFixed(0)} % of the region is seen to change`];
    } catch (error) {
      return [read, messageOf(error)];
    }
  } catch (error) {
    return ["", messageOf(error)];
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof InputError)) throw error;
  return `${error.code === "unchanged" ? "unchanged" : "refused"}: ${error.message}`;
}

/** The list of taught attributes, which is the same in every row. */
const TAUGHT = /this model was taught [^;]*/g;

async function bench(): Promise<void> {
  const faces = { bare: await drawn("bare"), glasses: await drawn("glasses") };
  const engine = await openEngine(MINI);
  try {
    const rows: string[][] = [];
    for (const { face, prompt } of PROMPTS)
      rows.push([prompt, face, ...(await outcome(engine, faces[face], prompt))]);
    const cells = rows.map((row) => row.map((cell) => cell.replace(TAUGHT, "this model was not taught it")));
    process.stdout.write(`${markdown(["prompt", "face", "read as", "what it gives"], cells, 4)}\n`);
  } finally {
    await engine.close();
  }
}

await runCommand(
  projectCommand("bench:words", "Edit with prompts that people typically try first.").action(bench),
);
