import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { openAgeEstimator } from "../../src/moderation/age.ts";
import { openFaceDetector } from "../../src/moderation/faces.ts";
import { smallPicture } from "../../src/moderation/picture.ts";
import { openSexualClassifier } from "../../src/moderation/sexual.ts";
import { portrait, renderPortrait } from "../../training/text2mask/render.ts";
import { fetchPortraits, PORTRAITS } from "./portraits.ts";

export interface PictureRow {
  readonly group: string;
  readonly pictures: number;
  /** Of the classifier: all these pictures are harmless. */
  readonly highest_score: number;
  readonly refused_as_sexual: number;
  readonly without_face: number;
  readonly youngest: number | null;
  /** Below the gate's threshold for this kind of picture. */
  readonly refused_by_age: number;
  readonly age_threshold: number;
}

/** Portraits of no training set. */
const SEED = 910_000;
const SIDE = 512;

async function* renders(count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    const raw = { width: SIDE, height: SIDE, channels: 3 as const };
    yield await sharp(await renderPortrait(portrait(SEED + i), SIDE), { raw })
      .png()
      .toBuffer();
  }
}

async function* folder(path: string): AsyncGenerator<Uint8Array> {
  for (const name of (await readdir(path)).sort())
    if (/\.(?:png|jpe?g)$/i.test(name) && !name.startsWith("motorcycle_disp"))
      yield await readFile(join(path, name));
}

async function* known(path: string): AsyncGenerator<Uint8Array> {
  for (const { file } of PORTRAITS) yield await readFile(join(path, file));
}

/** Harmless pictures: drawn portraits, photographed ones, and a library's test pictures of cats, coins and coffee. */
export async function measurePictures(
  weights: string,
  count: number,
  thresholds: { readonly sexual: number; readonly drawn: number; readonly photographed: number },
): Promise<PictureRow[]> {
  const [sexual, detect, estimate] = await Promise.all([
    openSexualClassifier(weights),
    openFaceDetector(weights),
    openAgeEstimator(weights),
  ]);
  const portraits = fetchPortraits();
  const groups = [
    { group: `renders of ${SIDE} pixels`, files: renders(count), age: thresholds.drawn },
    {
      group: "examples of the project, drawn",
      files: folder(join(import.meta.dirname, "../../examples")),
      age: thresholds.drawn,
    },
    { group: "photographed portraits", files: known(portraits), age: thresholds.photographed },
    {
      group: "scikit-image's test pictures",
      files: folder(join(portraits, "scikit-image/skimage/data")),
      age: thresholds.photographed,
    },
  ];
  const rows: PictureRow[] = [];
  for (const { group, files, age } of groups) {
    const scores: number[] = [];
    const ages: (number | null)[] = [];
    for await (const bytes of files) {
      const picture = await smallPicture(bytes);
      const [face] = await detect(picture);
      scores.push(await sexual(picture));
      ages.push(face === undefined ? null : await estimate(picture, face));
    }
    const faces = ages.filter((years) => years !== null);
    rows.push({
      group,
      pictures: scores.length,
      highest_score: Math.max(...scores),
      refused_as_sexual: scores.filter((score) => score >= thresholds.sexual).length,
      without_face: ages.length - faces.length,
      youngest: faces.length === 0 ? null : Math.min(...faces),
      refused_by_age: faces.filter((years) => years < age).length,
      age_threshold: age,
    });
  }
  return rows;
}
