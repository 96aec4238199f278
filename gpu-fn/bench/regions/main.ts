// `npm run bench:regions`: the eighteen regions in photographs, located as in the product, compared with a teacher's.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { REGIONS } from "../../../shared/regions.ts";
import { runCommand } from "../../src/cli/command.ts";
import { InputError } from "../../src/errors.ts";
import { fromGrey } from "../../src/image/grey.ts";
import { resizeMask } from "../../src/image/mask-grid.ts";
import { readManifest } from "../../src/manifest/manifest.ts";
import { type Model, openModel } from "../../src/model/model.ts";
import { findRegion } from "../../src/region/locate.ts";
import { seePhoto } from "../../src/region/seen-photo.ts";
import { openProgress } from "../kit/progress.ts";
import { writeSummary } from "../kit/results.ts";
import { type Shown, showings } from "./moves.ts";
import { type RegionsOptions, regionsCommand } from "./options.ts";
import { column, diceIn, mean, meanMaskDice, regionsTable, SQUARED } from "./score.ts";
import { timeRegions } from "./times.ts";
import { taughtPhotos } from "./truth.ts";
import { type Words, wordingOf } from "./words.ts";

/** The located region cut at one value: without an option, it reaches as far as it is doubted. */
const PLAIN = maskOptionsSchema.parse({ threshold: 0.3, feather: 0 });

/** Dice of every region in a picture by its prompt; 0 if no region or no face is found. */
async function located(model: Model, picture: Shown, prompts: readonly string[]): Promise<number[]> {
  const { size, truth } = picture;
  const dice: number[] = [];
  const request = { photo: { bytes: picture.bytes }, maskOptions: PLAIN };
  let seen = await seePhoto(model, request).catch(refused);
  for (const [region, prompt] of prompts.entries()) {
    const found = seen && (await findRegion(model, { ...request, locate: [prompt] }, seen).catch(refused));
    seen = found?.seen ?? seen;
    const mask = found ? resizeMask(fromGrey(found.found.mask), size.height, size.width).data : [];
    dice.push(diceIn(mask, truth, region));
  }
  return dice;
}

function refused(error: unknown): undefined {
  if (!(error instanceof InputError)) throw error;
}

/** A truth on a grid that all pictures share. */
const squared = ({ truth, size, moved }: Shown, photo: number) => {
  const square = (data: Float32Array) => resizeMask({ data, ...size }, SQUARED, SQUARED).data;
  return { photo, moved, truth: { regions: truth.regions.map(square), inside: square(truth.inside) } };
};

async function bench({ photos, moves, times, out, model: path }: RegionsOptions): Promise<void> {
  if (times !== undefined) return timeRegions(photos, times, path);
  const taught = await taughtPhotos(photos, REGIONS);
  const read = await readManifest(path);
  // a model that edits one square cuts its masks to it; here they are judged over all that PASL sees
  const manifest = { window: { min: read.resolution, margin: 0.5 }, ...read };
  const model = await openModel(manifest);
  const progress = openProgress();
  const found = new Map<string, number[][]>();
  const note = (words: Words, moved: boolean, region: number, dice: number) => {
    const key = `${words}/${moved}`;
    const rows = found.get(key) ?? REGIONS.map(() => []);
    rows[region]?.push(dice);
    found.set(key, rows);
  };
  const truths: ReturnType<typeof squared>[] = [];
  progress.expect(taught.length);
  try {
    for (const [index, photo] of taught.entries()) {
      const pictures = await showings(photo, await readFile(photo.path), moves);
      for (const picture of pictures) {
        const number = truths.push(squared(picture, index));
        for (const words of ["train", "heldOut"] as const) {
          const prompts = REGIONS.map((_, region) => wordingOf(region, words, number));
          const dice = await located(model, picture, prompts);
          dice.forEach((value, region) => {
            note(words, picture.moved, region, value);
          });
        }
      }
      progress.tick(basename(photo.path));
    }
  } finally {
    progress.stop();
    await model.release();
  }
  const dice = (words: Words, moved: boolean) =>
    column((region) => mean(found.get(`${words}/${moved}`)?.[region] ?? []));
  const blind = (moved: boolean) => {
    const each = meanMaskDice(truths, moved);
    return column((region) => each[region] as number);
  };
  const columns = {
    "as it is": dice("train", false),
    moved: dice("train", true),
    "moved, held-out words": dice("heldOut", true),
    "mean mask": blind(false),
    "mean mask, moved": blind(true),
  };
  process.stdout.write(`${regionsTable(columns)}\n`);
  const about = { model: `${manifest.id} ${manifest.version}`, photos: taught.length, moves };
  if (out !== undefined) await writeSummary(out, { ...about, dice: columns });
}

await runCommand(regionsCommand(bench));
