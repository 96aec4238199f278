import type { Photo } from "../../image/picture.ts";
import { WHOLE_PARTS } from "./carrier.ts";
import { cellsOf, fold, SAMPLES, windowsOf } from "./cells.ts";
import { type Correlations, correlate, spectraOf, syncInPlace } from "./correlate.ts";
import { GRIDS } from "./grid.ts";
import { PAYLOADS, type Patterns, TILE } from "./pattern.ts";
import { luminanceOf, whiten } from "./samples.ts";

/** Largest share of unmarked pictures that may be taken for marked ones: one in a million, over the whole search. */
export const FALSE_RATE = 1e-6;

/** Half is spent on whole pictures, half on cropped ones, for which far more is tried. */
const CLASS_RATE = FALSE_RATE / 2;

/** Smaller bounds than this have no further meaning. */
const RATE_LEAST = 1e-300;

/** Numbers of parts into which a search of cropped pictures divides the longer side. */
const CROPPED_PARTS = [2];

/** Smallest share of the original's longer side that a crop keeps. */
const CROPPED_TO = 0.85;

/** Number of cells by which the far edge of a picture moves from one tried scale to the next. */
const SCALE_STEP = 3;

/** A score beyond doubt, in standard deviations, after which no other grid is tried. */
const CERTAIN = 20;

/** In a whole picture the message is searched for only if the sync pattern scores at least this. */
const SYNC_LEAST = 2;

const PHASES = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

export interface Detection {
  readonly found: boolean;
  /** Score of both patterns together, in standard deviations. */
  readonly score: number;
  /** Bound on the probability that an unmarked picture reaches the score anywhere in the search, 0…1. */
  readonly falseRate: number;
  /** The mark's payload, 0…4095; meaningless if no mark was found. */
  readonly payload: number;
  /** Whether the picture has the marked one's whole longer side, at any size in pixels, or was cropped. */
  readonly extent: "whole" | "cropped";
}

interface Candidate {
  readonly score: number;
  readonly payload: number;
}

const NOTHING: Candidate = { score: 0, payload: 0 };

/** Searches for a deployment's mark, first as in an original or resized picture, then as in a cropped one. */
export async function detect(photo: Photo, patterns: Patterns): Promise<Detection> {
  const whole = await detectWhole(photo, patterns);
  return whole.found ? whole : better(whole, await detectCropped(photo, patterns));
}

/** @param grids on which the picture may have been marked */
export async function detectWhole(
  photo: Photo,
  patterns: Patterns,
  grids: readonly number[] = GRIDS,
): Promise<Detection> {
  const spectra = spectraOf(patterns);
  let [best, tried] = [NOTHING, 0];
  for (const grid of grids) {
    const cells = cellsOf(whiten(await luminanceOf(photo, SAMPLES * grid)), [0, 0]);
    for (const window of windowsOf(cells, WHOLE_PARTS)) {
      tried += PAYLOADS;
      const tile = fold(cells, window);
      const sync = syncInPlace(tile, patterns);
      if (sync < SYNC_LEAST) continue;
      const at = highest(correlate(tile, spectra).message);
      best = higher(best, { score: together(sync, at.value), payload: at.place });
    }
  }
  return judged(best, tried, "whole");
}

async function detectCropped(photo: Photo, patterns: Patterns): Promise<Detection> {
  const spectra = spectraOf(patterns);
  let [best, tried] = [NOTHING, 0];
  for (const grid of GRIDS) {
    const steps = Math.ceil((-Math.log(CROPPED_TO) * grid) / SCALE_STEP);
    for (let step = 0; step <= steps; step++) {
      const across = Math.round(SAMPLES * grid * CROPPED_TO ** (step / steps));
      const samples = whiten(await luminanceOf(photo, across));
      for (const phase of PHASES) {
        const cells = cellsOf(samples, phase);
        for (const window of windowsOf(cells, CROPPED_PARTS)) {
          tried += TILE * TILE * PAYLOADS;
          best = higher(best, anywhere(correlate(fold(cells, window), spectra)));
        }
      }
    }
    // only after the last scale: close to the right one both patterns show, but not always in the right place
    if (best.score >= CERTAIN) break;
  }
  return judged(best, tried, "cropped");
}

/** The best pair of shifts; the message's is relative to the sync pattern's. */
function anywhere({ sync, message }: Correlations): Candidate {
  const [from, to] = [highest(sync), highest(message)];
  const right = ((to.place % TILE) - (from.place % TILE) + TILE) % TILE;
  const down = (Math.floor(to.place / TILE) - Math.floor(from.place / TILE) + TILE) % TILE;
  return { score: together(from.value, to.value), payload: down * TILE + right };
}

export function highest(values: Float64Array): { readonly value: number; readonly place: number } {
  let place = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[place] as number)) place = i;
  return { value: values[place] as number, place };
}

/** Combines two sums of independent signs over the same cells; the result has variance 1 again. */
export const together = (sync: number, message: number) => (sync + message) * Math.SQRT1_2;
const higher = (a: Candidate, b: Candidate) => (b.score > a.score ? b : a);
const better = (a: Detection, b: Detection) => (b.falseRate < a.falseRate ? b : a);

/** Applies the union bound over everything that was tried. */
function judged({ score, payload }: Candidate, tried: number, extent: Detection["extent"]): Detection {
  const rate = tried * Math.exp((-score * score) / 2);
  return {
    found: rate <= CLASS_RATE,
    score,
    falseRate: Math.min(1, Math.max(RATE_LEAST, 2 * rate)),
    payload,
    extent,
  };
}
