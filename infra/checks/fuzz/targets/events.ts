import fc from "fast-check";
import { type FollowedEvent, followEdit } from "../../../../shared/client/src/events.ts";
import { editWith } from "../../../../shared/edit.fixture.ts";
import { EDIT_EVENTS } from "../../../../shared/event.ts";
import { changes } from "../bytes.ts";
import { nested } from "../json.ts";
import { sample } from "../sample.ts";
import { inPieces, pieceSizes } from "../streams.ts";
import { must, type Target } from "../target.ts";

const urls = { self: "https://a.test/e", events: "https://a.test/e", cancel: "https://a.test/e" };
const time = "2026-11-25T09:30:00.000Z";
const data = fc.oneof(
  fc
    .constantFrom<unknown>(
      { position: 2 },
      { started_at: time },
      { phase: "edit", step: 1, steps: 30, eta_ms: 900 },
      { url: "https://a.test/preview" },
      editWith({ status: "canceled", urls }),
    )
    .map((value) => JSON.stringify(value)),
  nested.map((value) => JSON.stringify(value) ?? ""),
  fc.string({ maxLength: 30 }),
);
const SOUND = [
  ["queued", { position: 1 }],
  ["started", { started_at: time }],
  ["progress", { phase: "edit", step: 1, steps: 30, eta_ms: null }],
  ["canceled", editWith({ status: "canceled", urls })],
] as const;
const message = fc.oneof(
  fc
    .constantFrom(...SOUND)
    .map(([event, value]) => `id: 1\nevent: ${event}\ndata: ${JSON.stringify(value)}\n\n`),
  fc
    .tuple(fc.constantFrom(...EDIT_EVENTS, "other", "", "__proto__"), data, fc.nat(9))
    .map(([event, text, id]) => `id: ${id}\nevent: ${event}\ndata: ${text}\n\n`),
  fc.constantFrom(": \n\n", "retry: 0\n\n", "retry: -1\n\n", "data\n\n", "\r\r", "id: \0\n\n", "\ufeff"),
);
const streams = fc
  .tuple(fc.array(message, { maxLength: 8 }), changes, fc.nat(2))
  .map(([messages, change, which]) => {
    const bytes = new TextEncoder().encode(messages.join(""));
    return which === 0 ? change(bytes) : bytes;
  });

/** A client comes back two seconds after a connection ended, unless the stream says otherwise; the cases name no time but 0. */
const AT_ONCE = new TextEncoder().encode("retry: 0\n\n");

/** Longest wait for a client that a changed byte asks to come back later, in milliseconds. */
const PATIENCE_MS = 50;

/** Follows one connection; the next one has no more events. */
async function follow(bytes: Uint8Array, size: number): Promise<{ seen: FollowedEvent[]; end: string }> {
  const stream = inPieces(new Uint8Array(Buffer.concat([AT_ONCE, bytes])), size);
  const answers = [new Response(stream)];
  const connect = async () => answers.shift() ?? new Response(null, { status: 204 });
  const seen: FollowedEvent[] = [];
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), PATIENCE_MS);
  const settings = { url: "https://a.test", fetch: connect };
  try {
    for await (const event of followEdit(settings, "/", { signal: over.signal })) seen.push(event);
    return { seen, end: "done" };
  } catch (error) {
    if (error instanceof SyntaxError) return { seen, end: "refused" };
    if (over.signal.aborted) return { seen, end: "done" };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Server-Sent Events, as the client reads them: wherever they are cut, the same events. */
export const eventsTarget: Target = {
  name: "events",
  limitMs: 500,
  make: async (seed) => sample(streams, seed),
  feed: async (bytes) => {
    const [whole, ...cut] = await Promise.all(pieceSizes(bytes).map((size) => follow(bytes, size)));
    if (whole === undefined) return "refused";
    // the client has no schemas: what an event holds is the server's word
    const names: readonly string[] = EDIT_EVENTS;
    for (const { id, event } of whole.seen)
      must(names.includes(event) && !id.includes("\0"), "an event has a name of the contract and a sound id");
    for (const other of cut)
      must(JSON.stringify(other) === JSON.stringify(whole), "the same events wherever the bytes are cut");
    return whole.end === "done" ? "accepted" : "refused";
  },
};
