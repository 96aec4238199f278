/** Writes one shard of the dataset. Files appear under their final names only when they are complete. */
import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { labels } from "./labels.ts";
import { pair } from "./pairs.ts";
import { type Attributes, captions, portrait, REGIONS, renderPortrait, renderRegions } from "./render.ts";

export const SHARD_SIZE = 1000;
/** Masks are kept at this many pixels a side. */
export const MASK_SIZE = 32;
export const CAPTIONS_A_PORTRAIT = 8;

export interface ShardJob {
  directory: string;
  index: number;
  /** Seeds from..from+count-1. */
  from: number;
  count: number;
  /** Pixels a side. */
  size: number;
  pairs: boolean;
}

/** Refuses seeds that tests and benches hold out. */
export function refuseHeldOut(from: number, count: number): void {
  if (from < 10_000 && from + count > 8_000) {
    throw new RangeError(
      `seeds ${from}..${from + count - 1} touch 8000..9999, which are held out for tests and benches`,
    );
  }
}

function stem(job: ShardJob): string {
  return join(job.directory, `shard-${String(job.index).padStart(6, "0")}`);
}

/** The .jsonl is written last: a shard with it is finished. */
export function finished(job: ShardJob): boolean {
  return existsSync(`${stem(job)}.jsonl`);
}

async function save(path: string, content: Buffer | string): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

function record(a: Attributes): Record<string, unknown> {
  return { seed: a.seed, captions: captions(a, CAPTIONS_A_PORTRAIT), attributes: a, labels: labels(a) };
}

/** Renders and writes a shard; calls `tick` after each portrait. */
export async function writeShard(job: ShardJob, tick: () => void): Promise<void> {
  refuseHeldOut(job.from, job.count);
  const pixels = job.size * job.size * 3 * (job.pairs ? 2 : 1);
  const images = Buffer.alloc(job.count * pixels);
  const cells = REGIONS.length * MASK_SIZE * MASK_SIZE;
  const masks = Buffer.alloc(job.count * cells);
  const lines: string[] = [];
  for (let i = 0; i < job.count; i++) {
    const seed = job.from + i;
    const twin = job.pairs ? pair(seed) : undefined;
    const a = twin?.source ?? portrait(seed);
    (await renderPortrait(a, job.size)).copy(images, i * pixels);
    (await renderRegions(a, MASK_SIZE)).copy(masks, i * cells);
    if (twin) {
      (await renderPortrait(twin.target, job.size)).copy(images, i * pixels + pixels / 2);
      const { attribute, edit } = twin;
      const prompts = { source_caption: edit.sourcePrompt(a), target_caption: edit.targetPrompt(a) };
      const target = { target_attributes: twin.target, target_labels: labels(twin.target) };
      const names = { seed, attribute, region: edit.region };
      lines.push(JSON.stringify({ ...names, ...prompts, ...record(a), ...target }));
    } else {
      lines.push(JSON.stringify(record(a)));
    }
    tick();
  }
  await save(`${stem(job)}.images`, images);
  await save(`${stem(job)}.masks`, masks);
  await save(`${stem(job)}.jsonl`, `${lines.join("\n")}\n`);
}
