/** What removing a thing gives on faces that have it and on faces that have none. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { z } from "zod";
import type { Engine } from "../../src/engine/engine.ts";
import { type Attributes, portrait, renderPortrait } from "../../training/text2mask/render.ts";
import { markdown } from "../kit/markdown.ts";
import { outcomeOf } from "./outcome.ts";

interface Row {
  readonly prompt: string;
  readonly faces: string;
  readonly count: number;
  /** How many edits are charged; of the others, how many the flow refused before the edit, since it sees no such thing. */
  readonly charged: number;
  readonly unseen: number;
}

/** The thresholds were chosen on portraits from 99100 on. */
const SEED = 99_600;
const SIDE = 512;

export async function portraitPng(seed: number): Promise<Buffer> {
  const rgb = await renderPortrait(portrait(seed), SIDE);
  return sharp(rgb, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}

const REMOVALS: readonly (readonly [prompt: string, worn: (face: Attributes) => string])[] = [
  ["remove the glasses", ({ eyewear }) => eyewear],
  ["no beard", ({ beard }) => beard],
];

/** @param count of drawn faces with the thing, and of those without */
export async function measureRemovals(engine: Engine, count: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [prompt, worn] of REMOVALS)
    for (const there of [true, false]) {
      const pictures: Uint8Array[] = [];
      for (let seed = SEED; pictures.length < count; seed++)
        if ((worn(portrait(seed)) !== "none") === there) pictures.push(await portraitPng(seed));
      rows.push(await measured(engine, prompt, `drawn, ${there ? "with" : "without"}`, pictures));
    }
  return rows;
}

const splitSchema = z.object({
  images: z.array(
    z.object({ file: z.string(), source: z.string(), split: z.string(), glasses: z.boolean().nullish() }),
  ),
});

/** Photos of faces that do not exist, of the validation split. @param folder with `images/` and `split.json` */
export async function measureOnPhotos(engine: Engine, folder: string): Promise<Row[]> {
  const { images } = splitSchema.parse(JSON.parse(await readFile(join(folder, "split.json"), "utf8")));
  const generated = images.filter(({ source, split }) => split === "val" && source !== "official");
  const rows: Row[] = [];
  for (const worn of [true, false]) {
    const files = generated.filter(({ glasses }) => glasses === worn);
    const pictures = await Promise.all(files.map(({ file }) => readFile(join(folder, "images", file))));
    const faces = `photographs, ${worn ? "with" : "without"}`;
    rows.push(await measured(engine, "remove the glasses", faces, pictures));
  }
  return rows;
}

async function measured(
  engine: Engine,
  prompt: string,
  faces: string,
  pictures: readonly Uint8Array[],
): Promise<Row> {
  let [charged, unseen] = [0, 0];
  for (const picture of pictures) {
    const outcome = await outcomeOf(engine, picture, prompt);
    if (outcome.charged) charged++;
    if (outcome.says.includes("this face shows no")) unseen++;
  }
  return { prompt, faces, count: pictures.length, charged, unseen };
}

export const removalsTable = (rows: readonly Row[]) =>
  markdown(
    ["removal", "faces", "n", "charged", "refused as not there", "unchanged after the edit"],
    rows.map(({ prompt, faces, count, charged, unseen }) => [
      prompt,
      faces,
      ...[count, charged, unseen, count - charged - unseen].map(String),
    ]),
    2,
  );
