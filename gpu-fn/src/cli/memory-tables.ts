/** The tables of `npm run plan`: how much memory edits use to keep features of their source. */
import { passesOf, presetsOf } from "../../../shared/presets.ts";
import { cachedValueBytes } from "../device/admit.ts";
import { type ExecutionPlan, type Job, memoryUse } from "../device/execution-plan.ts";
import { imageTokens } from "../device/sizes.ts";
import type { Manifest } from "../manifest/manifest.ts";

export const gb = (bytes: number) => (bytes / 1e9).toFixed(2).padStart(9);

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints the size of an edit's V by picture size and m. */
export function sayCache(manifest: Manifest, execution: ExecutionPlan, job: Job): void {
  const most = manifest.flux.config.depth_single_blocks;
  const counts = [...new Set([1, Math.ceil(execution.blocks / 2), execution.blocks, most])];
  const rows = job.coverage
    ? `, were it kept for the ${(100 - 100 * job.coverage).toFixed(0)} % outside of a hard mask alone`
    : "";
  say(`\nV of ${job.recorded} evaluations in GB, by size and m${rows}`);
  say(`  ${"pixels".padEnd(12)}${counts.map((count) => `m = ${count}`.padStart(10)).join("")}`);
  for (const [height, width] of sizesOf(manifest.resolution, unitOf(manifest))) {
    const sizes = counts.map((blocks) => {
      const use = memoryUse(manifest, { ...execution, path: "cache", blocks }, { ...job, height, width });
      return gb(use.valueCache).padStart(10);
    });
    say(`  ${`${width}×${height}`.padEnd(12)}${sizes.join("")}`);
  }
}

/** Prints what edits with `value_path: "background"` keep, by picture size and schedule. */
export function sayBackground(manifest: Manifest): void {
  const presets = presetsOf(manifest.schedule.fast_steps);
  say("\nK and V of all blocks, kept for edits that compute the mask alone, in GB");
  say(
    `  ${"pixels".padEnd(12)}${Object.keys(presets)
      .map((name) => name.padStart(10))
      .join("")}`,
  );
  for (const [height, width] of sizesOf(manifest.resolution, unitOf(manifest))) {
    const tokens = imageTokens(manifest, height, width);
    const sizes = Object.values(presets).map((schedule) => {
      const { inversion: recorded } = passesOf(schedule);
      return gb(cachedValueBytes(manifest, { blocks: "background", recorded, tokens })).padStart(10);
    });
    say(`  ${`${width}×${height}`.padEnd(12)}${sizes.join("")}`);
  }
}

/** Both sides are multiples of this many pixels. */
const unitOf = ({ autoencoder }: Manifest) => 2 ** autoencoder.config.ch_mult.length * 2;

/** The model's square, one of half its side, and a size that is not square. */
function sizesOf(resolution: number, unit: number): [height: number, width: number][] {
  const part = (share: number) => Math.max(unit, Math.round((share * resolution) / unit) * unit);
  return [
    [part(0.5), part(0.5)],
    [resolution, part(0.75)],
    [resolution, resolution],
  ];
}
