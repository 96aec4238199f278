/** Writes one shard of the dataset. Files appear under their final names only when they are complete. */
import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { labels } from "./labels.ts";
import { pair } from "./pairs.ts";
import { type Attributes, captions, portrait, REGIONS, renderPortrait, renderRegions } from "./render.ts";
import { type Variation, variations } from "./variations.ts";

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
  /** Each portrait without a target attribute and with it. */
  pairs: boolean;
  /** Counterfactuals that follow each portrait. */
  variations: number;
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

interface Row {
  /** Rendered one after the other; the masks are the first one's. */
  readonly portraits: readonly Attributes[];
  readonly line: Record<string, unknown>;
}

function row(seed: number, { pairs, variations: count }: ShardJob): Row {
  if (pairs) {
    const { attribute, edit, source, target } = pair(seed);
    const names = { seed, attribute, region: edit.region };
    const prompts = { source_caption: edit.sourcePrompt(source), target_caption: edit.targetPrompt(source) };
    const after = { target_attributes: target, target_labels: labels(target) };
    return { portraits: [source, target], line: { ...names, ...prompts, ...record(source), ...after } };
  }
  const a = portrait(seed);
  if (count === 0) return { portraits: [a], line: record(a) };
  const others = variations(seed, count);
  const edits = others.map(({ target, ...asked }: Variation) => ({ ...asked, attributes: target }));
  return { portraits: [a, ...others.map(({ target }) => target)], line: { ...record(a), edits } };
}

/** Renders and writes a shard; calls `tick` after each portrait. */
export async function writeShard(job: ShardJob, tick: () => void): Promise<void> {
  refuseHeldOut(job.from, job.count);
  const pixels = job.size * job.size * 3;
  const each = job.pairs ? 2 : 1 + job.variations;
  const images = Buffer.alloc(job.count * each * pixels);
  const cells = REGIONS.length * MASK_SIZE * MASK_SIZE;
  const masks = Buffer.alloc(job.count * cells);
  const lines: string[] = [];
  for (let i = 0; i < job.count; i++) {
    const { portraits, line } = row(job.from + i, job);
    for (const [k, a] of portraits.entries())
      (await renderPortrait(a, job.size)).copy(images, (i * each + k) * pixels);
    (await renderRegions(portraits[0] as Attributes, MASK_SIZE)).copy(masks, i * cells);
    lines.push(JSON.stringify(line));
    tick();
  }
  await save(`${stem(job)}.images`, images);
  await save(`${stem(job)}.masks`, masks);
  await save(`${stem(job)}.jsonl`, `${lines.join("\n")}\n`);
}
