import {
  type EditTask,
  type ForgetTask,
  type GpuEvent,
  type GpuHealth,
  gpuHealthSchema,
  HEARTBEAT_MS,
  type LookAnswer,
  type LookTask,
  lookAnswerSchema,
  type MaskTask,
} from "../../../shared/gpu.ts";
import type { Settings } from "../env.ts";
import { GpuBusyError, GpuRefusedError, GpuUnavailableError } from "./errors.ts";
import { type MaskEvent, type RunEvent, readEvents } from "./events.ts";

export { GpuBusyError, GpuRefusedError, GpuUnavailableError, type MaskEvent, type RunEvent };

/** How long the GPU function may be silent, in milliseconds: until its answer begins, then between two lines. */
export interface Patience {
  readonly answerMs: number;
  readonly silenceMs: number;
  /** How often a wait for an answer is reported. */
  readonly newsMs: number;
}

/**
 * The GPU function answers at once, even while its model loads. The slow part comes before it: a platform that starts a
 * container holds the request meanwhile, and Modal redirects it after 150 s.
 */
const PATIENCE: Patience = { answerMs: 120_000, silenceMs: 3 * HEARTBEAT_MS, newsMs: HEARTBEAT_MS };
const HEALTH_MS = 2_000;

/** Maximum wait for a check of an edit before it is accepted: a sleeping function knows nothing. */
const LOOK_MS = 2_500;

/** Maximum wait for a request to forget: a sleeping function has nothing in memory. */
const FORGET_MS = 2_000;

/** Bounds of `Retry-After` in seconds: the longest wait of the queue, and the default if the answer has none. */
const RETRY_AFTER = { min: 1, max: 60, default: 5 } as const;

type GpuSettings = Pick<Settings, "GPU_URL" | "GPU_SECRET" | "MODAL_KEY" | "MODAL_SECRET">;

/**
 * Runs an edit and yields its events as they arrive; the last one is `succeeded` or `canceled`. Yields `loading` while
 * there is no answer. Leaving the loop, or aborting, drops the request, and the GPU function ends the run.
 * @throws GpuBusyError | GpuUnavailableError | GpuRefusedError, and the signal's reason once it is aborted
 */
export function runEdit(
  settings: GpuSettings,
  task: EditTask,
  signal: AbortSignal,
  patience = PATIENCE,
): AsyncGenerator<RunEvent> {
  return call(settings, { path: "/edit", task, last: ["succeeded", "canceled"] }, signal, patience);
}

/**
 * Locates the region of a prompt. @returns its `mask` event
 * @throws as `runEdit`; GpuUnavailableError also if the run was dropped
 */
export async function locateMask(
  settings: GpuSettings,
  task: MaskTask,
  signal: AbortSignal,
  patience = PATIENCE,
): Promise<MaskEvent> {
  const events = call(settings, { path: "/mask", task, last: ["mask", "canceled"] }, signal, patience);
  for await (const event of events) if (event.event === "mask") return event;
  throw new GpuUnavailableError("the run was dropped");
}

/** The GPU function's own health report; null if there is no good answer within two seconds. */
export async function gpuHealth(settings: GpuSettings): Promise<GpuHealth | null> {
  try {
    const answer = await fetch(new URL("/healthz", settings.GPU_URL), {
      headers: credentials(settings),
      signal: AbortSignal.timeout(HEALTH_MS),
    });
    return gpuHealthSchema.parse(await answer.json());
  } catch {
    return null;
  }
}

/**
 * Checks an edit without the model. @throws GpuBusyError | GpuUnavailableError | GpuRefusedError if there is no good
 * answer within two and a half seconds
 */
export async function lookAt(settings: GpuSettings, task: LookTask): Promise<LookAnswer> {
  const answer = await post(settings, "/look", task, AbortSignal.timeout(LOOK_MS));
  return lookAnswerSchema.parse(await new Response(await bodyOf(answer)).json());
}

/** Has the GPU function erase its memory of something; false if it does not confirm within two seconds. */
export async function forgetInMemory(settings: GpuSettings, task: ForgetTask): Promise<boolean> {
  try {
    const answer = await post(settings, "/forget", task, AbortSignal.timeout(FORGET_MS));
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false; // away, or too slow
  }
}

interface Call {
  readonly path: string;
  readonly task: EditTask | MaskTask;
  /** Events that end the answer. */
  readonly last: readonly GpuEvent["event"][];
}

async function* call(
  settings: GpuSettings,
  { path, task, last }: Call,
  signal: AbortSignal,
  patience: Patience,
): AsyncGenerator<RunEvent> {
  const request = new AbortController();
  const dropped = AbortSignal.any([signal, request.signal]);
  try {
    const answer = yield* awaited(post(settings, path, task, dropped), patience);
    yield* readEvents(await bodyOf(answer), last, patience.silenceMs);
  } catch (error) {
    dropped.throwIfAborted();
    if (error instanceof GpuBusyError || error instanceof GpuRefusedError) throw error;
    if (error instanceof GpuUnavailableError) throw error;
    throw new GpuUnavailableError("the connection to the GPU function broke", { cause: error });
  } finally {
    request.abort();
  }
}

/**
 * Returns an answer once there is one; until then yields `loading` repeatedly.
 * @throws GpuBusyError if none comes in time: the task was not taken, so this does not count as an attempt
 */
async function* awaited(
  answer: Promise<Response>,
  { answerMs, newsMs }: Patience,
): AsyncGenerator<RunEvent, Response> {
  const since = Date.now();
  for (;;) {
    const elapsed_ms = Date.now() - since;
    if (elapsed_ms >= answerMs) throw new GpuBusyError(RETRY_AFTER.min);
    const first = await Promise.race([answer, scheduler.wait(Math.min(newsMs, answerMs - elapsed_ms))]);
    if (first !== undefined) return first;
    yield { event: "loading", elapsed_ms: Date.now() - since };
  }
}

function post(settings: GpuSettings, path: string, task: unknown, signal: AbortSignal): Promise<Response> {
  return fetch(new URL(path, settings.GPU_URL), {
    method: "POST",
    headers: { ...credentials(settings), "Content-Type": "application/json" },
    body: JSON.stringify(task),
    signal,
  });
}

/** Modal's proxy token, for the proxy, and the shared secret, for the GPU function behind it: whichever are set. */
function credentials({ GPU_SECRET, MODAL_KEY, MODAL_SECRET }: GpuSettings): Record<string, string> {
  const modal = MODAL_KEY !== undefined && MODAL_SECRET !== undefined;
  return {
    ...(modal ? { "Modal-Key": MODAL_KEY, "Modal-Secret": MODAL_SECRET } : {}),
    ...(GPU_SECRET === undefined ? {} : { Authorization: `Bearer ${GPU_SECRET}` }),
  };
}

/** The event stream of a good answer. A refusal's text is only for our logs: clients could not act on it. */
async function bodyOf(answer: Response): Promise<ReadableStream<Uint8Array>> {
  if (answer.ok && answer.body !== null) return answer.body;
  await answer.body?.cancel();
  if (answer.status === 503) throw new GpuBusyError(retryAfter(answer.headers.get("Retry-After")));
  if (answer.status >= 400 && answer.status < 500) {
    const detail = "the GPU function did not take the task";
    throw new GpuRefusedError({ code: "internal", detail, retryable: false });
  }
  throw new GpuUnavailableError(`the GPU function answered ${answer.status}`);
}

/** Whole seconds until the time given in the header, RFC 9110, section 10.2.3. */
function retryAfter(header: string | null): number {
  const seconds = Number(header ?? Number.NaN);
  const given = Number.isNaN(seconds) ? (Date.parse(header ?? "") - Date.now()) / 1000 : seconds;
  if (Number.isNaN(given)) return RETRY_AFTER.default;
  return Math.min(RETRY_AFTER.max, Math.max(RETRY_AFTER.min, Math.ceil(given)));
}
