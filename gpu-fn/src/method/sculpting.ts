/** The two passes of an edit: the photo's inversion, and the edit that follows it (docs/algorithm.md section 5). */

import { backgroundVelocity, maskOfRows } from "./background.ts";
import type { Condition } from "./condition.ts";
import { detailingVelocity, recordingVelocity, type SourcePath, type VelocityModel } from "./detailing.ts";
import type { Plan } from "./sculpting-plan.ts";
import { cancellable, type Direction, midpoint, type SolverStep, solve } from "./solvers/solver.ts";
import { fuseLatents, sourceLatent } from "./structuring.ts";
import { ValueStore } from "./value-store.ts";

/** Reports a finished step. */
export interface StepEvent {
  readonly phase: Direction;
  /** 1 .. steps. */
  readonly step: number;
  readonly steps: number;
  /** The latent to continue from, and the one before fusion; the same if nothing was fused. */
  readonly latent: Float32Array;
  readonly unfused: Float32Array;
}

export interface PassOptions {
  readonly onStep?: (event: StepEvent) => void;
  /** Checked before every evaluation; aborting throws CanceledError. */
  readonly signal?: AbortSignal;
}

export interface SculptOptions extends PassOptions {
  readonly rows?: Int32Array;
}

/**
 * Inverts a photo's clean latent [L, C] with the source prompt, and keeps what the plan's edit will need. The same
 * result serves every edit of the photo with the same prompt and plan.
 */
export async function invert(
  model: VelocityModel,
  clean: Float32Array,
  condition: Condition,
  { inversion }: Pick<Plan, "inversion">,
  options: PassOptions = {},
): Promise<SourcePath> {
  const values = new ValueStore();
  const latents = [clean];
  const mids: Float32Array[] = [];
  const { timesteps, recording, recorded } = inversion;
  const steps = timesteps.length - 1;
  const velocity = cancellable(
    recordingVelocity(model, condition, values, recorded, recording),
    options.signal,
  );
  await solve("inversion", inversion, velocity, clean, ({ interval, latent, mid }) => {
    latents.push(latent);
    if (mid) mids.push(mid);
    options.onStep?.({ phase: "inversion", step: interval, steps, latent, unfused: latent });
    return latent;
  });
  return { timesteps, latents, mids, values, condition };
}

/**
 * The source's path without an inversion: the straight line of Eq. 10 from the clean latent [L, C] to a given noise, at
 * the edit's own timesteps and midpoints. The noise contains nothing of the photo, so identity inside the mask is lost.
 */
export function straightPath(
  clean: Float32Array,
  noise: Float32Array,
  condition: Condition,
  { timesteps }: Pick<Plan, "timesteps">,
): SourcePath {
  const at = (t: number) => sourceLatent(clean, noise, t);
  const middles = timesteps.slice(1).map((high, index) => midpoint(timesteps[index] ?? 0, high));
  return {
    timesteps,
    latents: timesteps.map(at),
    mids: middles.map(at),
    values: new ValueStore(),
    condition,
  };
}

/**
 * The edit pass: from the inverted noise back to data with the target prompt, structured and detailed as planned.
 *
 * @param mask M, one value in 0..1 per image token (per token for a transformer with V of all rows); 1 is edited
 * @param rows image tokens that are computed, ascending, if the plan takes the others from the source; default: all
 * @returns the edited clean latent [L, C]
 */
export async function sculpt(
  model: VelocityModel,
  source: SourcePath,
  condition: Condition,
  mask: Float32Array,
  plan: Plan,
  { rows = Int32Array.from(mask.keys()), ...options }: SculptOptions = {},
): Promise<Float32Array> {
  const clean = source.latents[0] ?? new Float32Array();
  const noise = source.latents.at(-1) ?? clean;
  const { background, detailing } = plan;
  const velocity = background
    ? backgroundVelocity(model, condition, source, { mask, rows }, { background, detailing })
    : detailingVelocity(model, condition, source, mask, detailing);
  const computed = background && maskOfRows(rows, mask.length);
  const steps = plan.timesteps.length - 1;
  return solve("edit", plan, cancellable(velocity, options.signal), noise, (step) => {
    const fused = structured(step, plan, clean, noise, mask);
    const latent = computed ? fuseLatents(fused, sourceAfter(step, plan, clean, noise), computed) : fused;
    const { interval, latent: unfused } = step;
    options.onStep?.({ phase: "edit", step: steps - interval + 1, steps, latent, unfused });
    return latent;
  });
}

function structured(
  step: SolverStep,
  plan: Plan,
  clean: Float32Array,
  noise: Float32Array,
  mask: Float32Array,
): Float32Array {
  const { structuring } = plan;
  const { interval, latent } = step;
  if (!structuring || interval < structuring.from || interval > structuring.to) return latent;
  return fuseLatents(latent, sourceAfter(step, plan, clean, noise), mask);
}

function sourceAfter(
  { interval }: SolverStep,
  { timesteps }: Plan,
  clean: Float32Array,
  noise: Float32Array,
) {
  return sourceLatent(clean, noise, timesteps[interval - 1] ?? 0);
}
