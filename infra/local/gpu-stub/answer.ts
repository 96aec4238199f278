import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { EditTask, GpuEvent, MaskTask, Written } from "../../../shared/gpu.ts";
import { MODELS } from "../../../shared/models.ts";
import { plannedEvaluations } from "../../../shared/presets.ts";

/** Fixed pictures with which every task is answered. */
export interface Pictures {
  readonly mask: Picture;
  readonly result: Picture;
}

export interface Picture {
  readonly png: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

const COVERAGE = 0.25;

/** Interval of a run's progress events, in milliseconds. */
const NEWS_MS = 1_000;

/** `loading` events until the container is warm, then the run's events. @throws AbortError if `signal` aborts */
export async function* warmedUp(
  readyAt: number,
  events: (signal: AbortSignal) => AsyncGenerator<GpuEvent>,
  signal: AbortSignal,
): AsyncGenerator<GpuEvent> {
  const since = Date.now();
  for (let left = readyAt - since; left > 0; left = readyAt - Date.now()) {
    yield { event: "loading", elapsed_ms: Date.now() - since };
    await sleep(Math.min(NEWS_MS, left), undefined, { signal });
  }
  yield* events(signal);
}

/** The events of one edit that takes `delayMs`; its pictures are written to the task's URLs. */
export async function* editEvents(
  task: EditTask,
  pictures: Pictures,
  delayMs: number,
  signal: AbortSignal,
): AsyncGenerator<GpuEvent> {
  yield { event: "started" };
  const since = Date.now();
  const planned = plannedEvaluations(task.schedule);
  const { steps } = task.schedule;
  for (let left = delayMs; left > 0; left = delayMs - (Date.now() - since)) {
    await sleep(Math.min(NEWS_MS, left), undefined, { signal });
    const done = Math.min(1, (Date.now() - since) / delayMs);
    const [step, evaluations] = [Math.floor(done * steps), Math.floor(done * planned)];
    const eta_ms = delayMs * (1 - done);
    yield { event: "progress", phase: "edit", step, steps, evaluations, planned, eta_ms };
  }
  yield await maskEvent(task, pictures, task.mask.source);
  yield {
    event: "succeeded",
    image: await write(task.put.result, pictures.result),
    preservation: { psnr_outside_db: 100, ssim_outside: 1 },
    timings: { mask_ms: 0, inversion_ms: delayMs / 2, edit_ms: delayMs / 2, total_ms: delayMs },
    evaluations: 120,
    cache: { inversion: false },
    read_as: null,
    warnings: [],
    model: { id: MODELS.mini.id, version: MODELS.mini.version },
  };
}

/** The events of one mask. */
export async function* maskEvents(
  task: MaskTask,
  pictures: Pictures,
  delayMs: number,
  signal: AbortSignal,
): AsyncGenerator<GpuEvent> {
  yield { event: "started" };
  await sleep(delayMs, undefined, { signal });
  yield await maskEvent(task, pictures, "pasl");
}

async function maskEvent(
  task: EditTask | MaskTask,
  { mask }: Pictures,
  source: "pasl" | "cache" | "user",
): Promise<GpuEvent> {
  return {
    event: "mask",
    source,
    coverage: COVERAGE,
    mask: await write(task.put.mask, mask),
    located: source === "pasl" ? await write(task.put.located, mask) : null,
    regions: source === "pasl" ? task.locate.map((prompt) => ({ prompt, coverage: COVERAGE })) : [],
  };
}

async function write({ key, url }: { key: string; url: string }, picture: Picture): Promise<Written> {
  const { png, width, height } = picture;
  const answer = await fetch(url, {
    method: "PUT",
    body: png,
    headers: { "content-type": "image/png" },
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`PUT answered ${answer.status}`);
  const sha256 = createHash("sha256").update(png).digest("hex");
  return { key, bytes: png.length, sha256, width, height, content_type: "image/png" };
}
