/**
 * Builds a dataset of rendered portraits, with masks, captions and labels.
 *
 *   node gpu-fn/training/text2mask/dataset.ts --out DIR --from SEED --count N [--size 128] [--workers 2] [--pairs | --variations K]
 *
 * Resumable: finished shards are skipped. See gpu-fn/training/text2mask/shard.ts for the files' layout.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Presets, SingleBar } from "cli-progress";
import sharp from "sharp";
import { REGIONS, RENDERER_VERSION } from "./render.ts";
import {
  CAPTIONS_A_PORTRAIT,
  finished,
  MASK_SIZE,
  refuseHeldOut,
  SHARD_SIZE,
  type ShardJob,
  writeShard,
} from "./shard.ts";

interface Options {
  out: string;
  from: number;
  count: number;
  size: number;
  workers: number;
  pairs: boolean;
  variations: number;
}

function integer(name: string, text: string | undefined, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`--${name} must be an integer of at least ${least}`);
  return value;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      from: { type: "string" },
      count: { type: "string" },
      size: { type: "string", default: "128" },
      workers: { type: "string", default: "2" },
      pairs: { type: "boolean", default: false },
      variations: { type: "string", default: "0" },
    },
  });
  if (!values.out) throw new RangeError("--out DIR is missing");
  return {
    out: values.out,
    from: integer("from", values.from, 0),
    count: integer("count", values.count, 1),
    size: integer("size", values.size, 32),
    workers: integer("workers", values.workers, 1),
    pairs: values.pairs,
    variations: integer("variations", values.variations, 0),
  };
}

function shardJobs(options: Options): ShardJob[] {
  const jobs: ShardJob[] = [];
  for (let done = 0; done < options.count; done += SHARD_SIZE) {
    jobs.push({
      directory: options.out,
      index: jobs.length,
      from: options.from + done,
      count: Math.min(SHARD_SIZE, options.count - done),
      size: options.size,
      pairs: options.pairs,
      variations: options.variations,
    });
  }
  return jobs;
}

/** Writes dataset.json, or refuses a folder that another renderer or seed range has begun. */
async function describe(options: Options): Promise<void> {
  const { from, count, size, pairs, variations } = options;
  const layout = {
    mask_size: MASK_SIZE,
    shard_size: SHARD_SIZE,
    captions: CAPTIONS_A_PORTRAIT,
    regions: REGIONS,
  };
  const text = `${JSON.stringify({ renderer: RENDERER_VERSION, from, count, size, pairs, variations, ...layout }, null, 1)}\n`;
  const path = join(options.out, "dataset.json");
  await mkdir(options.out, { recursive: true });
  if (existsSync(path) && (await readFile(path, "utf8")) !== text) {
    throw new Error(`${path} describes another dataset: choose another folder or delete it`);
  }
  await writeFile(path, text);
}

async function build(options: Options): Promise<void> {
  refuseHeldOut(options.from, options.count);
  await describe(options);
  const all = shardJobs(options);
  const open = all.filter((job) => !finished(job));
  const format = "{bar} {percentage}% | {value}/{total} portraits | {eta_formatted} left";
  const bar = new SingleBar(
    { format, stream: process.stderr, noTTYOutput: true, notTTYSchedule: 15_000 },
    Presets.shades_classic,
  );
  bar.start(options.count, options.count - open.reduce((sum, job) => sum + job.count, 0));
  await Promise.all(
    Array.from({ length: Math.min(options.workers, open.length) }, async () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: "shards" });
      for (let job = open.shift(); job; job = open.shift()) await runIn(worker, job, () => bar.increment(10));
      await worker.terminate();
    }),
  );
  bar.update(options.count);
  bar.stop();
}

/** Has a worker write one shard. Messages: "tick" after each ten portraits, "done", or an error's text. */
function runIn(worker: Worker, job: ShardJob, tick: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const listen = (message: { kind: "tick" | "done" | "failed"; text?: string }): void => {
      if (message.kind === "tick") {
        tick();
        return;
      }
      worker.off("message", listen);
      if (message.kind === "done") resolve();
      else reject(new Error(message.text));
    };
    worker.on("message", listen);
    worker.once("error", reject);
    worker.postMessage(job);
  });
}

if (isMainThread && process.argv[1] === import.meta.filename) {
  try {
    await build(readOptions());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
} else if (!isMainThread && workerData === "shards") {
  // Each worker keeps one core busy; the rasteriser's own threads would only compete.
  sharp.concurrency(1);
  parentPort?.on("message", async (job: ShardJob) => {
    let count = 0;
    try {
      await writeShard(job, () => ++count % 10 === 0 && parentPort?.postMessage({ kind: "tick" }));
      parentPort?.postMessage({ kind: "done" });
    } catch (error) {
      parentPort?.postMessage({
        kind: "failed",
        text: error instanceof Error ? error.message : String(error),
      });
    }
  });
}
