import { type EditTask, editTaskSchema, type GpuEvent, type Written } from "../../../shared/gpu.ts";
import type { Agenda } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import { SHARES } from "./phases.ts";
import { OBJECT_BYTES } from "./surroundings.ts";

/** Interval of a run's heartbeats, in milliseconds. */
const NEWS_MS = 1_000;

/** A busy GPU function asks to wait this long. */
const BUSY_SECONDS = "1";

const encoder = new TextEncoder();

/** GPUs that take a fixed time per edit, one edit each; they answer `POST /edit` as the GPU function does. */
export class Gpus {
  readonly #agenda: Agenda;
  readonly #clock: Clock;
  containers = 0;
  gpuMs = 0;
  busy = 0;
  /** Maximum number of concurrent runs. */
  most = 0;
  /** Number of answers that no GPU was free. */
  refused = 0;
  /** When each edit first started. */
  readonly begun = new Map<string, number>();

  constructor(agenda: Agenda, clock: Clock) {
    this.#agenda = agenda;
    this.#clock = clock;
  }

  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/forget") return new Response(null, { status: 204 });
    if (pathname !== "/edit") throw new Error(`nobody simulates ${pathname}`);
    const task = editTaskSchema.parse(await request.json());
    if (this.busy >= this.containers) {
      this.refused += 1;
      return new Response(null, { status: 503, headers: { "Retry-After": BUSY_SECONDS } });
    }
    this.busy += 1;
    this.most = Math.max(this.most, this.busy);
    if (!this.begun.has(task.request_id)) this.begun.set(task.request_id, this.#clock.now);
    return new Response(this.#events(task, request.signal), {
      headers: { "Content-Type": "application/x-ndjson" },
    });
  }

  #events(task: EditTask, signal: AbortSignal): ReadableStream<Uint8Array> {
    const began = this.#clock.now;
    let over = false;
    const end = () => {
      if (!over) this.busy -= 1;
      over = true;
    };
    return new ReadableStream<Uint8Array>({
      start: (stream) => {
        signal.addEventListener("abort", end);
        const say = (event: GpuEvent) => stream.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
        const later = (ms: number, event: GpuEvent) =>
          this.#agenda.plan(began + ms, () => {
            if (!over) say(event);
          });
        say({ event: "started" });
        later(SHARES.mask * this.gpuMs, maskOf(task));
        for (let ms = NEWS_MS; ms < this.gpuMs; ms += NEWS_MS) later(ms, progressAt(ms / this.gpuMs));
        this.#agenda.plan(began + this.gpuMs, () => {
          if (over) return;
          say(successOf(task, this.gpuMs));
          stream.close();
          end();
        });
      },
      cancel: end,
    });
  }
}

const written = (key: string): Written => ({
  key,
  bytes: OBJECT_BYTES,
  sha256: "0".repeat(64),
  width: 1024,
  height: 1024,
  content_type: "image/png",
});

const maskOf = ({ put, locate }: EditTask): GpuEvent => ({
  event: "mask",
  source: "pasl",
  coverage: 0.08,
  mask: written(put.mask.key),
  located: written(put.located.key),
  regions: locate.map((prompt) => ({ prompt, coverage: 0.08 })),
});

const progressAt = (done: number): GpuEvent => ({
  event: "progress",
  phase: "edit",
  step: Math.floor(30 * done),
  steps: 30,
  evaluations: Math.floor(120 * done),
  planned: 120,
  eta_ms: 1_000,
});

const successOf = ({ put }: EditTask, gpuMs: number): GpuEvent => ({
  event: "succeeded",
  image: written(put.result.key),
  preservation: { psnr_outside_db: 40, ssim_outside: 0.99 },
  timings: {
    mask_ms: Math.round(SHARES.mask * gpuMs),
    inversion_ms: Math.round(SHARES.inversion * gpuMs),
    edit_ms: Math.round(SHARES.edit * gpuMs),
    total_ms: gpuMs,
  },
  evaluations: 120,
  cache: { inversion: false },
  model: { id: "mini", version: "0.1.0" },
  read_as: null,
  warnings: [],
});
