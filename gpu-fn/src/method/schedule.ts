/** FLUX's timesteps, in float32 as rounded by the reference (docs/algorithm.md section 4). */
import { InputError } from "../errors.ts";

const { fround } = Math;

/** The image token counts, and the shifts for them, between which mu is linear. */
const LINE = { fewTokens: 256, manyTokens: 4096, lowShift: 0.5, highShift: 1.15 };

/** The shift mu of the timesteps towards noise, for a number of image tokens. */
export function timestepShift(imageTokens: number): number {
  const slope = (LINE.highShift - LINE.lowShift) / (LINE.manyTokens - LINE.fewTokens);
  return slope * imageTokens + LINE.lowShift - slope * LINE.fewTokens;
}

/** `flux`: shifted towards noise, as FLUX is sampled; `even`: not shifted. */
export type Spacing = "flux" | "even";

/**
 * The steps + 1 timesteps from 1 (noise) down to 0 (data): t = e^mu / (e^mu + 1/u − 1) over evenly spaced u, or u
 * itself if the spacing is `even`. An inversion uses the same list in reverse.
 *
 * @param steps at least 1; throws InputError otherwise
 */
export function timesteps(steps: number, imageTokens: number, spacing: Spacing = "flux"): number[] {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new InputError("schedule_invalid", `${steps} steps: a schedule has 1 step or more`);
  }
  const even = evenlySpaced(steps);
  if (spacing === "even") return even;
  const factor = fround(Math.exp(timestepShift(imageTokens)));
  return even.map((u) => {
    const odds = fround(fround(1 / u) - 1);
    return fround(fround(1 / fround(factor + odds)) * factor);
  });
}

/** torch.linspace(1, 0, steps + 1): from both ends towards the middle. */
function evenlySpaced(steps: number): number[] {
  const step = fround(-1 / steps);
  const half = Math.floor((steps + 1) / 2);
  return Array.from({ length: steps + 1 }, (_, index) =>
    index < half ? fround(1 + fround(step * index)) : fround(-fround(step * (steps - index))),
  );
}
