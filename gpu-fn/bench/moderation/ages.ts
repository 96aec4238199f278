import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openAgeEstimator } from "../../src/moderation/age.ts";
import { openFaceDetector } from "../../src/moderation/faces.ts";
import { smallPicture } from "../../src/moderation/picture.ts";
import { fetchPortraits, type KnownPortrait, PORTRAITS } from "./portraits.ts";

export interface AgeRow {
  readonly who: string;
  /** Minimum and maximum age in years that the date allows. */
  readonly age: readonly [number, number];
  /** Null if no face is found. */
  readonly estimated: number | null;
  /** Years between the estimate and the nearest age that the date allows. */
  readonly error: number | null;
  readonly dated: string;
}

export interface Ages {
  readonly rows: readonly AgeRow[];
  readonly portraits: number;
  readonly people: number;
  readonly mean_absolute_error: number;
  readonly largest_error: number;
  /** All of them are adults: refusing one is wrong. */
  readonly threshold: number;
  readonly wrongly_refused: number;
  /** Portraits of minors among them: there are none, so what gets past the gate is not measured. */
  readonly minors: 0;
}

const YEAR_MS = 365.2425 * 86_400_000;

const ageAt = ({ born }: KnownPortrait, day: string) => (Date.parse(day) - Date.parse(born)) / YEAR_MS;

/** The gate's estimate on portraits whose age is known. */
export async function measureAges(weights: string, threshold: number): Promise<Ages> {
  const folder = fetchPortraits();
  const [detect, estimate] = await Promise.all([openFaceDetector(weights), openAgeEstimator(weights)]);
  const rows: AgeRow[] = [];
  for (const portrait of PORTRAITS) {
    const picture = await smallPicture(await readFile(join(folder, portrait.file)));
    const [face] = await detect(picture);
    const estimated = face === undefined ? null : await estimate(picture, face);
    const [least, most] = portrait.taken.map((day) => ageAt(portrait, day)) as [number, number];
    const error = estimated === null ? null : Math.max(0, least - estimated, estimated - most);
    rows.push({ who: portrait.who, age: [least, most], estimated, error, dated: portrait.dated });
  }
  const errors = rows.flatMap(({ error }) => error ?? []);
  return {
    rows,
    portraits: rows.length,
    people: new Set(rows.map(({ who }) => who)).size,
    mean_absolute_error: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    largest_error: Math.max(...errors),
    threshold,
    wrongly_refused: rows.filter(({ estimated }) => estimated !== null && estimated < threshold).length,
    minors: 0,
  };
}
