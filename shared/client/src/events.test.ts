// The typed client's stream of events against a real HTTP server that breaks it in every way a network does.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { editWith } from "../../edit.fixture.ts";
import { type Client, createClient } from "./client.ts";
import type { FollowedEvent } from "./events.ts";
import type { EditEvent } from "./types.ts";

type Connection = (answer: ServerResponse, request: IncomingMessage) => void;

/** The server's behaviour for its next connections, in order. */
let plan: Connection[] = [];
let seen: { readonly path: string | undefined; readonly lastEventId: string | undefined }[] = [];
let server: Server;
let client: Client;

beforeAll(async () => {
  server = createServer((request, answer) => {
    seen.push({ path: request.url, lastEventId: request.headers["last-event-id"] as string | undefined });
    const act = plan.shift();
    if (act === undefined) return answer.writeHead(500).end();
    act(answer, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = createClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: "a.b",
    retries: 1,
  });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  plan = [];
  seen = [];
});

const open = (answer: ServerResponse) => {
  answer.writeHead(200, { "content-type": "text/event-stream" });
  answer.write("retry: 5\n\n");
};
const text = (id: number, event: string, data: unknown) =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

const time = "2026-11-24T09:30:00.000Z";
const queued = text(1, "queued", { position: 2 });
const started = text(2, "started", { started_at: time });
const progress = (id: number, step: number) =>
  text(id, "progress", { phase: "edit", step, steps: 30, eta_ms: 900 });
const urls = { self: "https://a.test/é", events: "https://a.test/e", cancel: "https://a.test/e" };
const canceled = text(9, "canceled", editWith({ status: "canceled", urls }));

async function all(events: AsyncIterable<FollowedEvent>): Promise<FollowedEvent[]> {
  const told: FollowedEvent[] = [];
  for await (const event of events) told.push(event);
  return told;
}

const names = (events: readonly EditEvent[]) => events.map(({ event }) => event);

test("a stream that breaks in the middle of an event resumes after the last whole one", async () => {
  plan = [
    (answer) => {
      open(answer);
      answer.write(queued + started + progress(3, 4).slice(0, 40), () => answer.destroy());
    },
    (answer) => {
      open(answer);
      answer.end(progress(5, 7) + canceled);
    },
  ];
  const told = await all(client.followEdit("edit_1"));
  expect(names(told)).toEqual(["queued", "started", "progress", "canceled"]);
  expect(told.map(({ id }) => id)).toEqual(["1", "2", "5", "9"]);
  expect(told[2]).toMatchObject({ data: { step: 7, eta_ms: 900 } });
  expect(seen).toEqual([
    { path: "/v1/edits/edit_1/events?token=a.b", lastEventId: undefined },
    { path: "/v1/edits/edit_1/events?token=a.b", lastEventId: "2" },
  ]);
});

test("events are whole however the network splits them, even inside a character", async () => {
  plan = [
    async (answer) => {
      open(answer);
      answer.socket?.setNoDelay();
      const bytes = Buffer.from(queued + canceled);
      const letter = bytes.indexOf(0xc3) + 1;
      for (const [from, to] of [
        [0, 9],
        [9, letter],
        [letter, bytes.length],
      ]) {
        answer.write(bytes.subarray(from, to));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      answer.end();
    },
  ];
  const told = await all(client.followEdit("edit_1"));
  expect(names(told)).toEqual(["queued", "canceled"]);
  expect(told[1]).toMatchObject({ data: { urls: { self: "https://a.test/é" } } });
});

test("a silent connection is dropped and resumed", async () => {
  plan = [
    (answer) => {
      open(answer);
      answer.write(queued);
    },
    (answer) => {
      open(answer);
      answer.end(canceled);
    },
  ];
  const told = await all(client.followEdit("edit_1", { silenceMs: 100 }));
  expect(names(told)).toEqual(["queued", "canceled"]);
  expect(seen[1]?.lastEventId).toBe("1");
});

test("204 ends it: the last event was seen before", async () => {
  plan = [(answer) => answer.writeHead(204).end()];
  expect(await all(client.followEdit("edit_1", { lastEventId: "9" }))).toEqual([]);
  expect(seen).toEqual([{ path: expect.any(String), lastEventId: "9" }]);
});

test("connections that end without data are given up; heartbeats count as data", async () => {
  const mute: Connection = (answer) => {
    open(answer);
    answer.end();
  };
  const beating: Connection = (answer) => {
    open(answer);
    answer.end(": nothing new\n\n");
  };
  plan = [beating, beating, beating, mute, mute, mute];
  await expect(all(client.followEdit("edit_1"))).rejects.toThrow("ended 2 times in a row without a word");
  expect(seen).toHaveLength(5);
});

test("an unknown event name is skipped, and invalid JSON is an error", async () => {
  plan = [
    (answer) => {
      open(answer);
      answer.end(text(1, "weather", { rain: true }) + canceled);
    },
    (answer) => {
      open(answer);
      answer.end("id: 1\nevent: queued\ndata: next\n\n");
    },
  ];
  expect(names(await all(client.followEdit("edit_1")))).toEqual(["canceled"]);
  await expect(all(client.followEdit("edit_1"))).rejects.toMatchObject({ name: "SyntaxError" });
});

test("a refusal is an ApiError; aborting ends the wait with the reason; leaving the loop hangs up", async () => {
  plan = [(answer) => answer.writeHead(404).end()];
  await expect(all(client.followEdit("edit_1"))).rejects.toMatchObject({ name: "ApiError", status: 404 });

  const quiet: Connection = (answer) => {
    open(answer);
    answer.write(queued);
  };
  plan = [quiet];
  const aborted = all(client.followEdit("edit_1", { signal: AbortSignal.timeout(150) }));
  await expect(aborted).rejects.toMatchObject({ name: "TimeoutError" });

  const left = new Promise((resolve) => {
    const watched: Connection = (answer, request) => {
      answer.once("close", resolve);
      quiet(answer, request);
    };
    plan = [watched];
  });
  for await (const { event } of client.followEdit("edit_1")) {
    expect(event).toBe("queued");
    break;
  }
  await left;
});
