import { expect } from "vitest";
import { type EditEvent, editEventSchema } from "../../shared/event.ts";
import { call } from "./client.ts";

export type ReceivedEvent = EditEvent & { readonly id: number };

/** A client's end of an event stream, parsed as a browser's EventSource does. */
class EventReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";
  #lastId = 0;

  constructor(body: ReadableStream) {
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next event; null if the stream is over. */
  async next(): Promise<ReceivedEvent | null> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end < 0) {
        const { done, value } = await this.#reader.read();
        if (done) return null;
        this.#text += value;
        continue;
      }
      const lines = this.#text.slice(0, end).split("\n");
      this.#text = this.#text.slice(end + 2);
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
      const data = field("data");
      if (data === null) continue;
      const event = editEventSchema.parse({ event: field("event"), data: JSON.parse(data) });
      this.#lastId = Number(field("id") ?? this.#lastId);
      return { ...event, id: this.#lastId };
    }
  }

  /** Reads until an event with this name; returns it and all before it. */
  async until(name: EditEvent["event"]): Promise<ReceivedEvent[]> {
    const events: ReceivedEvent[] = [];
    while (events.at(-1)?.event !== name) {
      const event = await this.next();
      if (event === null) throw new Error(`the stream ended before ${name}`);
      events.push(event);
    }
    return events;
  }

  /** All remaining events. */
  async rest(): Promise<ReceivedEvent[]> {
    const events: ReceivedEvent[] = [];
    for (let event = await this.next(); event !== null; event = await this.next()) events.push(event);
    return events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}

/** Follows an edit; `lastEventId` is the last event seen. */
export async function follow(id: string, key: string, lastEventId?: number | string): Promise<EventReader> {
  const headers: Record<string, string> =
    lastEventId === undefined ? {} : { "Last-Event-ID": String(lastEventId) };
  const response = await call(`/v1/edits/${id}/events`, { key, headers });
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toMatch(/^text\/event-stream/);
  if (response.body === null) throw new Error("a stream without a body");
  return new EventReader(response.body);
}
