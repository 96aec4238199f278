import { env, exports } from "cloudflare:workers";
import {
  type EditTask,
  editTaskSchema,
  type ForgetTask,
  forgetTaskSchema,
  type GpuEvent,
  type LookAnswer,
  type LookTask,
  lookTaskSchema,
  type MaskTask,
  maskTaskSchema,
  type Written,
} from "../../shared/gpu.ts";
import type { Policy } from "../../shared/moderation/policies.ts";
import type { ProblemCode } from "../../shared/problem.ts";
import { sha256 } from "../../shared/signing.ts";

/** How the fake answers one task. */
export type Behaviour =
  /**
   * Works; with `hold`, it stays between `started` and the end until `release()`, with progress twenty times a second.
   */
  | { readonly kind: "succeed"; readonly hold?: boolean; readonly coverage?: number }
  | { readonly kind: "busy"; readonly retryAfter?: string }
  | { readonly kind: "refuse"; readonly status: number }
  | {
      readonly kind: "fail";
      readonly code: ProblemCode;
      readonly detail: string;
      readonly retryable: boolean;
      readonly policy?: Policy;
    }
  /** Reports objects that it did not write. */
  | { readonly kind: "lie"; readonly about: "key" | "bytes" | "object" }
  /** Reports that its model loads until `release()`, then works. */
  | { readonly kind: "load" }
  /** The address does not answer; nothing ever arrives; the stream ends early, stalls, or holds no event. */
  | { readonly kind: "unreachable" | "mute" | "cut" | "stall" | "garbage" | "drop" | "interrupt" };

/** A 1 × 1 PNG: the fake's masks and results. */
const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEANl9ngAAAAABJRU5ErkJggg=="),
  (symbol) => symbol.charCodeAt(0),
);

/** Two faces, and the edited tokens. */
export const FACES = [
  { left: 10, top: 12, width: 20, height: 22 },
  { left: 40, top: 12, width: 18, height: 20 },
];
export const FUSION = {
  rows: 16,
  columns: 16,
  coverage: 0.1,
  part: { left: 0, top: 0, width: 64, height: 64, roll: 0.2 },
  png: "iVBORw0KGgo=",
};

/**
 * The GPU function as the edge sees it: tasks by the schemas of `shared/gpu.ts`, events as NDJSON; photo, mask and
 * result through the task's signed URLs and the worker itself. It answers `fetch` to the host of GPU_URL.
 */
export class FakeGpu implements Disposable {
  /** Tasks that it received, including those answered with busy. */
  readonly tasks: (EditTask | MaskTask)[] = [];
  /** Its checks before edits, and its refusals for the next ones. */
  readonly looks: LookTask[] = [];
  refused: LookAnswer["refused"] = null;
  /** What it was asked to forget. */
  readonly forgotten: ForgetTask[] = [];
  /** Requests that were dropped before their answer was complete. */
  abandoned = 0;
  readonly #behaviours: Behaviour[] = [];
  readonly #fetch = globalThis.fetch;
  #held = true;

  constructor() {
    const { host } = new URL(env.GPU_URL);
    const elsewhere = this.#fetch;
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      return new URL(request.url).host === host ? this.#answer(request) : elsewhere(request);
    };
  }

  /** The fake's behaviour for the next tasks, in order; after them it succeeds. */
  next(...behaviours: Behaviour[]): this {
    this.#behaviours.push(...behaviours);
    return this;
  }

  /** Lets runs under `hold` end. */
  release(): void {
    this.#held = false;
  }

  /** Runs that a test left under `hold` end as well. */
  [Symbol.dispose](): void {
    this.release();
    globalThis.fetch = this.#fetch;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.headers.get("Authorization") !== `Bearer ${env.GPU_SECRET}`)
      return new Response(null, { status: 401 });
    if (pathname === "/healthz") {
      return Response.json({
        status: "ready",
        busy: false,
        model: { id: "mini", version: "0.1.0" },
        uptime_ms: 1,
      });
    }
    if (pathname === "/look") {
      const task = lookTaskSchema.parse(await request.json());
      this.looks.push(task);
      if (task.photo !== null) await fetchObject(task.photo);
      return Response.json({ refused: this.refused });
    }
    if (pathname === "/forget") {
      this.forgotten.push(forgetTaskSchema.parse(await request.json()));
      return new Response(null, { status: 204 });
    }
    const schema = pathname === "/edit" ? editTaskSchema : maskTaskSchema;
    const task: EditTask | MaskTask = schema.parse(await request.json());
    this.tasks.push(task);
    request.signal.addEventListener("abort", () => {
      this.abandoned += 1;
    });
    const behaviour = this.#behaviours.shift() ?? { kind: "succeed" };
    if (behaviour.kind === "unreachable") throw new TypeError("network connection lost");
    if (behaviour.kind === "mute") return dropped(request.signal);
    if (behaviour.kind === "refuse") return new Response("no", { status: behaviour.status });
    if (behaviour.kind === "busy") {
      return new Response(null, { status: 503, headers: { "Retry-After": behaviour.retryAfter ?? "1" } });
    }
    return new Response(this.#stream(task, behaviour, request.signal), {
      headers: { "Content-Type": "application/x-ndjson" },
    });
  }

  #stream(task: EditTask | MaskTask, behaviour: Behaviour, signal: AbortSignal): ReadableStream<Uint8Array> {
    const events = this.#run(task, behaviour, signal);
    const encoder = new TextEncoder();
    return new ReadableStream<Uint8Array>({
      start: (stream) => {
        signal.addEventListener("abort", () => stream.error(signal.reason));
      },
      pull: async (stream) => {
        const { done, value } = await events.next();
        if (signal.aborted) return;
        if (done) stream.close();
        else stream.enqueue(encoder.encode(typeof value === "string" ? value : `${JSON.stringify(value)}\n`));
      },
    });
  }

  async *#run(
    task: EditTask | MaskTask,
    behaviour: Behaviour,
    signal: AbortSignal,
  ): AsyncGenerator<GpuEvent | string> {
    for (let beats = 0; behaviour.kind === "load" && this.#held && !signal.aborted; beats++) {
      yield { event: "loading", elapsed_ms: 50 * beats };
      await pause(50);
    }
    yield { event: "started" };
    if (behaviour.kind === "interrupt") return yield { event: "interrupted" };
    if (behaviour.kind === "cut") return yield '{"event":"prog';
    if (behaviour.kind === "garbage") return yield '{"event":"unheard of"}\n';
    if (behaviour.kind === "drop") return yield { event: "canceled" };
    if (behaviour.kind === "stall") return dropped(signal);
    if (behaviour.kind === "fail") {
      const { kind: _, ...failure } = behaviour;
      return yield { event: "failed", ...failure };
    }
    await fetchPhoto(task);
    const hold = behaviour.kind === "succeed" && behaviour.hold === true;
    for (let step = 1; step <= 3 || (hold && this.#held && !signal.aborted); step++) {
      yield {
        event: "progress",
        phase: "edit",
        step,
        steps: 30,
        evaluations: step,
        planned: 120,
        eta_ms: 100,
      };
      if (hold && step === 2 && "previews" in task.put) yield* preview(task.put.previews[0]);
      if (hold) await pause(50);
    }
    if (!signal.aborted) yield* finish(task, behaviour);
  }
}

async function* preview(place: EditTask["put"]["result"] | undefined): AsyncGenerator<GpuEvent> {
  if (place !== undefined) yield { event: "preview", image: await put(place) };
}

async function* finish(task: EditTask | MaskTask, behaviour: Behaviour): AsyncGenerator<GpuEvent> {
  const source = "mask" in task ? task.mask.source : "pasl";
  if ("mask" in task && task.mask.source !== "pasl") await fetchObject(task.mask);
  const coverage = behaviour.kind === "succeed" ? (behaviour.coverage ?? 0.25) : 0.25;
  yield {
    event: "mask",
    source,
    coverage,
    mask: await put(task.put.mask),
    located: source === "pasl" ? await put(task.put.located) : null,
    regions: source === "pasl" ? task.locate.map((prompt) => ({ prompt, coverage })) : [],
    faces: FACES,
    fusion: FUSION,
  };
  if (!("result" in task.put)) return;
  const lie = behaviour.kind === "lie" ? behaviour.about : null;
  const written = lie === "object" ? await describe(task.put.result.key) : await put(task.put.result);
  yield {
    event: "succeeded",
    image: {
      ...written,
      ...(lie === "key" ? { key: task.put.mask.key } : {}),
      ...(lie === "bytes" ? { bytes: written.bytes + 1 } : {}),
    },
    preservation: { psnr_outside_db: 41.5, ssim_outside: 0.98 },
    timings: { mask_ms: 1, inversion_ms: 2, edit_ms: 3, total_ms: 6 },
    evaluations: 120,
    cache: { inversion: false },
    model: { id: "mini", version: "0.1.0" },
    read_as: null,
    warnings: [],
  };
}

async function fetchPhoto({ photo }: EditTask | MaskTask): Promise<void> {
  await fetchObject(photo);
}

async function fetchObject({ url, sha256: expected }: { url: string; sha256: string }): Promise<void> {
  const answer = await exports.default.fetch(new Request(url));
  const hash = await sha256(new Uint8Array(await answer.arrayBuffer()));
  if (!answer.ok || hash !== expected)
    throw new Error(`the signed URL gave ${answer.status}, or another object`);
}

async function put({ key, url }: { key: string; url: string }): Promise<Written> {
  const headers = { "Content-Type": "image/png", "Content-Length": String(PNG.byteLength) };
  const answer = await exports.default.fetch(new Request(url, { method: "PUT", headers, body: PNG }));
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the signed URL took nothing: ${answer.status}`);
  return describe(key);
}

async function describe(key: string): Promise<Written> {
  return {
    key,
    bytes: PNG.byteLength,
    sha256: await sha256(PNG),
    width: 1,
    height: 1,
    content_type: "image/png",
  };
}

/** Waits until the request is dropped. */
async function dropped(signal: AbortSignal): Promise<never> {
  while (!signal.aborted) await pause(50);
  throw signal.reason;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
