import type { Photo } from "../../image/picture.ts";
import { bestWindows, carrierOf, clearWindow } from "./carrier.ts";
import { embedder } from "./embed.ts";
import { type Patterns, patternsOf, tileOf } from "./pattern.ts";
import { type Look, Trial } from "./trial.ts";

/** Version of the patterns and their layout; 4 bits of the payload. */
const VERSION = 1;

/** What a deployment marks with. */
export interface MarkKey {
  readonly patterns: Patterns;
  /** 0…255, which distinguishes deployments that share a secret. */
  readonly tag: number;
}

export function markKeyOf(secret: string, tag = 0): MarkKey {
  return { patterns: patternsOf(secret), tag };
}

export const payloadOf = (tag: number) => (VERSION << 8) | tag;
export const readPayload = (payload: number) => ({ version: payload >> 8, tag: payload & 0xff });

/** Factors on the invisible strength, for regions too small to carry the mark with the first. */
const GAINS = { first: 1, middle: 1.4, last: 2 } as const;

/** Number of windows that are searched if one is not enough. */
const WINDOWS = 3;

/** The score to reach after the treatments below, with a margin for other pictures' noise and other encoders. */
const ROOM = 9;

/** A search over all grids needs 7.8; a score below this depends on luck. */
const LEAST = 8;

/** Share of a cell's own value that its measurement recovers: 0.97 on a grey picture. */
const BLUR = 0.98;

/** With fewer cells than this most regions cannot carry the mark, so its presence is tested before its robustness. */
const SMALL_CELLS = 400;

/** Number of standard deviations by which a score may lie below its proportional value. */
const CHANCE = 2;

/** `held`: readable after JPEG 80 and after a resize to half; `weak`: only as it is; `none`: the region is too small. */
export type Held = "held" | "weak" | "none";

export interface Marked {
  readonly picture: Photo;
  readonly held: Held;
}

/**
 * Marks a picture inside a mask, only as strongly as needed to be read after JPEG 80 and after a resize to half. If even
 * the strongest mark cannot be read, the picture comes back unchanged. A score grows at most in proportion to the
 * strength, so strengths that the first try shows to be insufficient are not tried.
 * @param mask `width·height` bytes, 0 is never touched; null marks the whole picture
 */
export async function markPicture(
  photo: Photo,
  mask: Uint8Array | null,
  { patterns, tag }: MarkKey,
): Promise<Marked> {
  const unmarked: Marked = { picture: photo, held: "none" };
  const carrier = carrierOf(photo, mask);
  // a score is a correlation over the cells that carry the mark, so it is at most the root of their number
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
