/** The two passes of an edit: the photo's inversion, and the edit that is held to it (algorithm.md section 5). */
import {
  type Condition,
  detailingVelocity,
  recordingVelocity,
  type SourcePath,
  ValueStore,
  type VelocityModel,
} from "./detailing.ts";
import type { Plan } from "./plan.ts";
import { cancellable, type SolverStep, solve } from "./solver.ts";
import { fuseLatents, sourceLatent } from "./structuring.ts";

/** One step is done. */
export interface StepEvent {
  readonly phase: "inversion" | "edit";
  /** 1 .. steps. */
  readonly step: number;
  readonly steps: number;
  /** Evaluations of the transformer so far in this phase. */
  readonly evaluations: number;
  /** The latent to go on from, and the one before it was fused; the same where nothing was. */
  readonly latent: Float32Array;
  readonly unfused: Float32Array;
}

export interface PassOptions {
  readonly onStep?: (event: StepEvent) => void;
  /** Checked before every evaluation; aborting throws CanceledError. */
  readonly signal?: AbortSignal;
}

/**
 * Inverts a photo's clean latent [L, C] under the source prompt, and keeps what the plan's edit will need. The same
 * result serves every edit of the photo with the same prompt and plan.
 */
export async function invert(
  model: VelocityModel,
  clean: Float32Array,
  condition: Condition,
  plan: Plan,
  options: PassOptions = {},
): Promise<SourcePath> {
  const values = new ValueStore();
  const latents = [clean];
  const mids: Float32Array[] = [];
  const velocity = cancellable(recordingVelocity(model, condition, values, plan.detailing), options.signal);
  await solve("inversion", velocity, clean, plan.timesteps, (step) => {
    latents.push(step.latent);
    mids.push(step.mid);
    report("inversion", plan, step, step.latent, options);
    return step.latent;
  });
  return { timesteps: plan.timesteps, latents, mids, values, condition };
}

/**
 * The edit pass: from the inverted noise back to data under the target prompt, structured and detailed as planned.
 *
 * @param mask M, one value in 0..1 an image token (for a transformer with V of all rows: a token); 1 is edited
 * @returns the edited clean latent [L, C]
 */
export async function sculpt(
  model: VelocityModel,
  source: SourcePath,
  condition: Condition,
  mask: Float32Array,
  plan: Plan,
  options: PassOptions = {},
): Promise<Float32Array> {
  const clean = source.latents[0] ?? new Float32Array();
  const noise = source.latents.at(-1) ?? clean;
  const velocity = detailingVelocity(model, condition, source, mask, plan.detailing);
  return solve("edit", cancellable(velocity, options.signal), noise, plan.timesteps, (step) => {
    const latent = structured(step, plan, clean, noise, mask);
    report("edit", plan, step, latent, options);
    return latent;
  });
}

function structured(
  { interval, latent }: SolverStep,
  { structuring, timesteps }: Plan,
  clean: Float32Array,
  noise: Float32Array,
  mask: Float32Array,
): Float32Array {
  if (!structuring || interval < structuring.from || interval > structuring.to) return latent;
  return fuseLatents(latent, sourceLatent(clean, noise, timesteps[interval - 1] ?? 0), mask);
}

function report(
  phase: StepEvent["phase"],
  plan: Plan,
  { interval, latent: unfused }: SolverStep,
  latent: Float32Array,
  options: PassOptions,
): void {
  const steps = plan.timesteps.length - 1;
  const step = phase === "inversion" ? interval : steps - interval + 1;
  options.onStep?.({ phase, step, steps, evaluations: 2 * step, latent, unfused });
}
