import { type GpuEvent, gpuEventSchema } from "../../../shared/gpu.ts";
import { GpuRefusedError, GpuUnavailableError } from "./errors.ts";
import { splitLines } from "./ndjson.ts";

/** What a stream yields: `failed` and `interrupted` are thrown instead. */
export type RunEvent = Exclude<GpuEvent, { event: "failed" | "interrupted" }>;

export type MaskEvent = Extract<GpuEvent, { event: "mask" }>;

/**
 * Events of an answer, up to and including the first whose name is in `last`.
 * @param silenceMs longest time between two lines
 * @throws GpuRefusedError for a `failed` event
 * @throws GpuUnavailableError if the machine is taken away, or the stream ends early, falls silent, or holds anything
 * but events
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  last: readonly GpuEvent["event"][],
  silenceMs: number,
): AsyncGenerator<RunEvent> {
  const lines = body.pipeThrough(splitLines()).getReader();
  while (true) {
    const { done, value } = await within(silenceMs, lines.read());
    if (done) throw new GpuUnavailableError("the event stream was cut");
    const event = parse(value);
    if (event.event === "failed") throw new GpuRefusedError(event);
    if (event.event === "interrupted") throw new GpuUnavailableError("the GPU function was interrupted");
    yield event;
    if (last.includes(event.event)) return;
  }
}

function parse(line: string): GpuEvent {
  try {
    return gpuEventSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new GpuUnavailableError("the event stream holds a line that is no event", { cause });
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(new GpuUnavailableError("the GPU function fell silent")), ms);
  try {
    return await Promise.race([promise, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
