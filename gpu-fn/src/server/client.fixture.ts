// A caller of the GPU function, like the edge: it sends tasks and checks the events it receives.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  editTaskSchema,
  type GpuEvent,
  gpuEventSchema,
  lookAnswerSchema,
  maskTaskSchema,
} from "../../../shared/gpu.ts";
import { jsonLog } from "./log.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import { type StartOptions, startServer } from "./start.ts";
import type { Storage } from "./storage.fixture.ts";

export const SECRET = "a-shared-secret-of-the-tests-long-enough";

export const PHOTO = await readFile(join(import.meta.dirname, "../../examples/portrait-01.png"));

/** Moderation policies are off unless requested, because they take seconds to open. */
export const settings = (given: Partial<Record<keyof Settings, string>> = {}): Settings =>
  settingsSchema.parse({ PORT: "0", GPU_SECRET: SECRET, MODERATION_OFF: "all", ...given });

/** A server with the embedded model, its log, and a caller. */
export async function serve(options: StartOptions = {}, given: Parameters<typeof settings>[0] = {}) {
  const logged: string[] = [];
  const log = jsonLog((line) => void logged.push(line));
  const server = await startServer(settings(given), { log, ...options });
  return { server, logged, client: clientOf(server.port) };
}

export type Served = Awaited<ReturnType<typeof serve>>;

let requests = 0;

/** A task with small defaults; `name` is the prefix of the keys it writes. */
export function editTask(storage: Storage, change: Record<string, unknown> = {}) {
  const name = `run-${++requests}`;
  return editTaskSchema.parse({
    request_id: name,
    tenant: "a".repeat(64),
    photo: storage.give(`${name}/photo`, PHOTO),
    locate: ["a person wearing glasses"],
    prompt: "a person wearing glasses",
    source_prompt: "a person.",
    mask: { source: "pasl" },
    schedule: { steps: 2, structuring_steps: 1 },
    composite: "paste-back",
    output: { format: "png" },
    put: {
      mask: storage.writing(`${name}/mask`),
      located: storage.writing(`${name}/located`),
      result: storage.writing(`${name}/result`),
    },
    deadline_ms: 60_000,
    ...change,
  });
}

/** An edit that takes long enough for a test to act while it runs. */
export const longTask = (storage: Storage, change: Record<string, unknown> = {}) =>
  editTask(storage, { schedule: { steps: 60 }, tenant: "b".repeat(64), ...change });

export function maskTask(storage: Storage, change: Record<string, unknown> = {}) {
  const { request_id, tenant, photo, locate, put } = editTask(storage);
  const { mask, located } = put;
  return maskTaskSchema.parse({ request_id, tenant, photo, locate, put: { mask, located }, ...change });
}

/** The look task that comes before an edit is paid for. */
export function lookTask(storage: Storage, change: Record<string, unknown> = {}) {
  const { photo, locate, prompt, source_prompt } = editTask(storage);
  return { photo, locate, prompt, source_prompt, ...change };
}

/** Why an edit would be refused. */
export async function lookedAt(client: ReturnType<typeof clientOf>, task: unknown) {
  return lookAnswerSchema.parse(await (await client.send("/look", task)).json()).refused;
}

export function clientOf(port: number) {
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    send: (path: "/edit" | "/mask" | "/look", task: unknown, init: RequestInit = {}) =>
      fetch(origin + path, {
        method: "POST",
        body: JSON.stringify(task),
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${SECRET}` },
        ...init,
      }),
    health: async () => (await fetch(`${origin}/healthz`)).json() as Promise<Record<string, unknown>>,
    /** Waits until no run is active. */
    async idle() {
      while ((await this.health()).busy) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

/** Events as they come, each checked against the contract. */
export async function* eventsOf(response: Response): AsyncGenerator<GpuEvent> {
  if (response.headers.get("Content-Type") !== "application/x-ndjson")
    throw new Error(`${response.status}: ${await response.text()}`);
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield gpuEventSchema.parse(JSON.parse(line));
  }
  if (rest !== "") throw new Error("the stream ends inside a line");
}

/** All events of an answer except heartbeats. */
export async function allEvents(response: Response | Promise<Response>): Promise<GpuEvent[]> {
  const events: GpuEvent[] = [];
  for await (const event of eventsOf(await response)) if (event.event !== "heartbeat") events.push(event);
  return events;
}

/** The event of a given kind. */
export function one<Name extends GpuEvent["event"]>(events: readonly GpuEvent[], name: Name) {
  const found = events.filter((event): event is Extract<GpuEvent, { event: Name }> => event.event === name);
  const [event] = found;
  if (event === undefined || found.length > 1)
    throw new Error(`${found.length} ${name} events in ${JSON.stringify(events)}`);
  return event;
}

/** Reads a stream until an event comes; the stream stays open. */
export async function until(
  events: AsyncGenerator<GpuEvent>,
  wanted: (event: GpuEvent) => boolean,
): Promise<GpuEvent> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error("the stream ended before");
    if (wanted(value)) return value;
  }
}

export const underWay = (event: GpuEvent) => event.event === "progress" && event.evaluations > 0;
