import { createHash } from "node:crypto";
import type { EditTask, GpuEvent, MaskTask, Written } from "../../shared/gpu.ts";
import { MODELS } from "../../shared/models.ts";

/** Fixed pictures that every task is answered with. */
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

/** The events of one edit that takes `delayMs`, its pictures written where the task says. */
export async function* editEvents(
  task: EditTask,
  pictures: Pictures,
  delayMs: number,
): AsyncGenerator<GpuEvent> {
  yield { event: "started" };
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  yield await maskEvent(task, pictures, task.mask.source);
  yield {
    event: "succeeded",
    image: await write(task.put.result, pictures.result),
    preservation: { psnr_outside_db: 100, ssim_outside: 1 },
    timings: { mask_ms: 0, inversion_ms: delayMs / 2, edit_ms: delayMs / 2, total_ms: delayMs },
    evaluations: 120,
    cache: { inversion: false },
    model: { id: MODELS.mini.id, version: MODELS.mini.version },
  };
}

/** The events of one mask. */
export async function* maskEvents(task: MaskTask, pictures: Pictures): AsyncGenerator<GpuEvent> {
  yield { event: "started" };
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
