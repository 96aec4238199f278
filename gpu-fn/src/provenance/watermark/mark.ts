import type { Photo } from "../../image/picture.ts";
import { bestWindows, carrierOf, clearWindow } from "./carrier.ts";
import { embedder } from "./embed.ts";
import { type Patterns, patternsOf, tileOf } from "./pattern.ts";
import { type Look, Trial } from "./trial.ts";

/** Version of the patterns and of how they are laid; 4 bits of the payload. */
const VERSION = 1;

/** What a deployment marks with. */
export interface MarkKey {
  readonly patterns: Patterns;
  /** 0…255, the deployment's own: tells those with one secret apart. */
  readonly tag: number;
}

export function markKeyOf(secret: string, tag = 0): MarkKey {
  return { patterns: patternsOf(secret), tag };
}

export const payloadOf = (tag: number) => (VERSION << 8) | tag;
export const readPayload = (payload: number) => ({ version: payload >> 8, tag: payload & 0xff });

/** Factors on the strength that is not seen, for regions too small to carry the mark at the first. */
const GAINS = { first: 1, middle: 1.4, last: 2 } as const;

/** Windows that are looked through where one is not enough. */
const WINDOWS = 3;

/** The score to reach after the treatments below, so that other pictures' noise and encoders have room. */
const ROOM = 9;

/** A search over all grids asks for 7.8; less than this is left to luck. */
const LEAST = 8;

/** A cell's share of itself that is measured of it, between its neighbours: 0.97 on a grey picture. */
const BLUR = 0.98;

/** Below so many cells most regions carry nothing: whether the mark is there at all is looked at before what it survives. */
const SMALL_CELLS = 400;

/** Standard deviations by which a score may be below what it will be in proportion. */
const CHANCE = 2;

/** `held`: read after JPEG 80 and after a resize to half; `weak`: only as it is; `none`: the region is too small. */
export type Held = "held" | "weak" | "none";

export interface Marked {
  readonly picture: Photo;
  readonly held: Held;
}

/**
 * Marks a picture inside a mask, no stronger than it takes to be read after JPEG 80 and after a resize to half. Where not
 * even the strongest can be read the picture comes back as it was. A score grows with the strength at the most: what the
 * first try tells to be out of reach is not tried.
 * @param mask `width·height` bytes, 0 is never touched; null marks the whole picture
 */
export async function markPicture(
  photo: Photo,
  mask: Uint8Array | null,
  { patterns, tag }: MarkKey,
): Promise<Marked> {
  const unmarked: Marked = { picture: photo, held: "none" };
  const carrier = carrierOf(photo, mask);
  // a score is a correlation over the cells that carry the mark: at most the root of how many there are
  if (carrier.bounds === null || BLUR * Math.sqrt(carrier.total) < LEAST) return unmarked;
  const payload = payloadOf(tag);
  const expected = { patterns, payload };
  const trial = new Trial(photo, carrier.grid, bestWindows(carrier, WINDOWS), expected);
  const clear = clearWindow(carrier);
  const at = embedder(photo, mask, tileOf(patterns, payload), carrier.bounds);
  const outOfReach = ({ score }: Look) => GAINS.last * (score + CHANCE) + CHANCE < LEAST;

  const first = at(GAINS.first);
  const small = carrier.total < SMALL_CELLS;
  if (small && outOfReach(await trial.plain(first))) return unmarked;
  const quick = clear && (await new Trial(photo, carrier.grid, [clear], expected).treated(first));
  if (quick !== null && quick.read >= ROOM) return { picture: first, held: "held" };
  const seen = await trial.treated(first);
  if (seen.read >= ROOM) return { picture: first, held: "held" };
  const middle = GAINS.middle * seen.score >= ROOM ? at(GAINS.middle) : null;
  if (middle !== null && (await trial.treated(middle)).read >= ROOM) return { picture: middle, held: "held" };
  if (!small && outOfReach(seen) && outOfReach(await trial.plain(first))) return unmarked;
  const last = at(GAINS.last);
  if (!outOfReach(seen) && (await trial.treated(last)).read >= LEAST) return { picture: last, held: "held" };
  return (await trial.plain(last)).read >= LEAST ? { picture: last, held: "weak" } : unmarked;
}
