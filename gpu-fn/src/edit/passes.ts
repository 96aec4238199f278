/** The two passes of an edit over its view: the source is inverted, then the target is sculpted from its noise. */

import type { Condition, Conditioning } from "../method/condition.ts";
import type { VelocityModel } from "../method/detailing.ts";
import { fixedNoise } from "../method/noise.ts";
import { invert, type PassOptions, sculpt, straightPath } from "../method/sculpting.ts";
import { planKeptInversion } from "../method/sculpting-plan.ts";
import { bindModel, counted, withTrueGuidance } from "../model/velocity-model.ts";
import type { KeptInversion } from "./inversion-cache.ts";
import type { Job } from "./job.ts";
import { pictureOf } from "./latents.ts";
import { drawPreview } from "./preview.ts";
import { Previewer } from "./previewer.ts";
import type { Located } from "./view.ts";

/** The source's path, and the picture that its clean latent decodes to. */
export type Source = Pick<KeptInversion, "path" | "reconstructed">;

/** The transformer on the view's tokens, with the requested guidance; it counts its evaluations. */
export async function velocitiesOf(job: Job, { region }: Located): Promise<VelocityModel> {
  const { model, transformer, clock, asked } = job;
  const paired = asked.path === "paired" && asked.valueBlocks > 0;
  const { grid } = region.placement;
  const bound = bindModel(transformer, grid, paired ? transformer : undefined, asked.valueBlocks);
  const counting = counted(bound, (count) => clock.evaluated(count));
  return asked.trueGuidance ? withTrueGuidance(counting, await model.condition("")) : counting;
}

/** Inverts the source with the schedule's solver (RF-Solver: Eq. 11 and 12), unless the view's inversion is cached. */
export async function invertSource(job: Job, located: Located, velocities: VelocityModel): Promise<Source> {
  const { model, options, clock, asked } = job;
  const { planned, known, clean, region } = located;
  if (known) {
    clock.plan(asked.evaluations.edit);
    return known;
  }
  const { grid } = region.placement;
  const [reconstructed, path] = await Promise.all([
    pictureOf(model, clean, grid),
    sourcePath(job, located, velocities),
  ]);
  if (planned.key !== undefined)
    options.inversions?.set(planned.key, { path, reconstructed, seen: { ...region.seen, drawn: null } });
  return { path, reconstructed };
}

async function sourcePath(job: Job, { planned, clean }: Located, velocities: VelocityModel) {
  const { ablation, asked, clock, prompts } = job;
  const { plan, key } = planned;
  const source = guided(prompts.source, asked.guidance.inversion);
  if (ablation.inversion === "none") return straightPath(clean, fixedNoise(clean.length), source, plan);
  clock.enter("inversion", plan.inversion.timesteps.length - 1);
  const kept = key === undefined ? plan : planKeptInversion(plan, asked.path);
  return invert(velocities, clean, source, kept, passOptions(job));
}

/** S2D-EC: structuring for T steps (Eq. 13), then detailing (Eq. 15). @returns the edited clean latent [L, C] */
export async function sculptTarget(
  job: Job,
  { planned, clean, region, mask, rows }: Located,
  { path }: Source,
  velocities: VelocityModel,
): Promise<Float32Array> {
  const { model, options, clock, seen, prompts, asked } = job;
  const { window, grid } = region.placement;
  const { plan } = planned;
  clock.enter("edit", plan.timesteps.length - 1);
  const previews = new Previewer({
    timesteps: plan.timesteps,
    start: path.latents.at(-1) ?? clean,
    draw: async (latent) => {
      const picture = await pictureOf(model, latent, grid);
      return drawPreview(seen.photo, window.part, region.found.mask.data, picture, window.size);
    },
    onPreview: options.onPreview,
  });
  const edited = await sculpt(velocities, path, guided(prompts.target, asked.guidance.edit), mask, plan, {
    ...passOptions(job),
    ...(rows && { rows }),
    onStep: (event) => {
      clock.step(event.step);
      previews.step(event);
    },
  });
  await previews.settled();
  return edited;
}

function guided(condition: Conditioning, guidance: number): Condition {
  return { ...condition, guidance };
}

function passOptions({ clock, options }: Job): PassOptions {
  const { signal } = options;
  return { onStep: ({ step }) => clock.step(step), ...(signal ? { signal } : {}) };
}
