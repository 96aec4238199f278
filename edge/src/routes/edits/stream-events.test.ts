import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { editSchema } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { answer, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { follow, type ReceivedEvent } from "../../../test/event-stream.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";
import { HeldQueue } from "../../../test/held-queue.ts";

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => gpu[Symbol.dispose]());

async function accepted(key: string, headers = {}): Promise<string> {
  const body = { image: await uploaded(key), prompt: "a woman wearing glasses" };
  return editSchema.parse(await (await call("/v1/edits", { key, body, headers })).json()).id;
}

const cancel = (id: string, key: string) =>
  answer(call(`/v1/edits/${id}/cancel`, { key, method: "POST" }), 200);

const names = (events: readonly ReceivedEvent[]) => events.map(({ event }) => event);

/** Ids increase from event to event; a preview shares its id with the progress before it. */
function expectGrowing(events: readonly ReceivedEvent[], after = 0): void {
  for (const { id, event } of events) {
    if (event === "preview") expect(id).toBe(after);
    else expect(id).toBeGreaterThan(after);
    after = id;
  }
}

test("streams an edit from its place in line to its end", async () => {
  gpu.next({ kind: "succeed", hold: true });
  const { key } = await customer();
  const id = await accepted(key);
  await using stream = await follow(id, key);
  const begun = await stream.until("preview");
  const preview = begun.at(-1);
  expect((await call((preview?.event === "preview" && preview.data.url) || "")).status).toBe(200);
  await stream.until("progress");
  gpu.release();
  const events = [...begun, ...(await stream.rest())];
  expect(new Set(names(events))).toEqual(new Set(["queued", "started", "progress", "preview", "succeeded"]));
  expect(names(events).filter((name) => name === "preview")).toHaveLength(1);
  expect(events[0]).toMatchObject({ event: "queued", data: { position: 1 } });
  expect(events.find(({ event }) => event === "progress")?.data).toMatchObject({
    phase: "edit",
    steps: 30,
    eta_ms: 100,
  });
  expectGrowing(events);
  const last = events.at(-1);
  expect(last).toMatchObject({ event: "succeeded", data: { id, status: "succeeded" } });
  const image = (last?.event === "succeeded" && last.data.image?.url) || "";
  expect((await call(image)).status).toBe(200);
});

test("a client that reconnects with its last id gets what is new, and the end exactly once", async () => {
  gpu.next({ kind: "succeed", hold: true });
  const { key } = await customer();
  const id = await accepted(key);
  const before: ReceivedEvent[] = [];
  {
    await using stream = await follow(id, key);
    before.push(...(await stream.until("started")));
  }
  const seen = before.at(-1)?.id ?? 0;
  await using resumed = await follow(id, key, seen);
  const after = await resumed.until("progress");
  expect(names(after)).not.toContain("started");
  gpu.release();
  after.push(...(await resumed.rest()));
  expectGrowing(after, seen);
  expect(names(after).at(-1)).toBe("succeeded");

  const late = await (await follow(id, key, seen)).rest();
  expect(names(late)).toEqual(["succeeded"]);
  const last = String(after.at(-1)?.id);
  const over = await call(`/v1/edits/${id}/events`, { key, headers: { "Last-Event-ID": last } });
  expect(over.status).toBe(204);
});

test("a final edit sends its end at once, whatever was seen of another stream", async () => {
  gpu.next({ kind: "refuse", status: 401 });
  const { key } = await customer();
  const id = await accepted(key, { Prefer: "wait=10" });
  for (const seen of [undefined, 0, 999_999, "x", "-1"]) {
    const events = await (await follow(id, key, seen)).rest();
    expect(names(events)).toEqual(["failed"]);
    expect(events[0]?.data).toMatchObject({ id, error: { code: "internal" } });
  }
});

test("the place in line advances as the account's other edits end", async () => {
  using _queue = new HeldQueue();
  const [{ key }, other] = await Promise.all([customer(), customer()]);
  const [first, second] = [await accepted(key), await accepted(key)];
  await accepted(other.key);
  const third = await accepted(key);
  await using stream = await follow(third, key);
  expect(await stream.next()).toMatchObject({ event: "queued", data: { position: 3 } });
  await cancel(second, key);
  expect(await stream.next()).toMatchObject({ event: "queued", data: { position: 2 } });
  await cancel(first, key);
  const next = await stream.next();
  expect(next).toMatchObject({ event: "queued", data: { position: 1 } });
  {
    await using resumed = await follow(third, key, next?.id);
    await cancel(third, key);
    expect(names(await resumed.rest())).toEqual(["canceled"]);
  }
  expect(names(await stream.rest())).toEqual(["canceled"]);
});

test("an edit that is erased while a client follows it ends as canceled", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const id = await accepted(key);
  await using stream = await follow(id, key);
  await stream.until("queued");
  expect((await call(`/v1/edits/${id}`, { key, method: "DELETE" })).status).toBe(204);
  expect(names(await stream.rest())).toEqual(["canceled"]);
  await refusal(call(`/v1/edits/${id}/events`, { key }), 404, "not_found");
});

test("an edit can be followed only by its account", async () => {
  using _queue = new HeldQueue();
  const [mine, other, images] = [await customer(), await customer(), await customer({ scopes: ["images"] })];
  const id = await accepted(mine.key);
  await refusal(call(`/v1/edits/${id}/events`, { key: other.key }), 404, "not_found");
  for (const unknown of [newId("edit"), "edit_1"])
    await refusal(call(`/v1/edits/${unknown}/events`, { key: mine.key }), 404, "not_found");
  await refusal(call(`/v1/edits/${id}/events`), 401, "unauthorized");
  await refusal(call(`/v1/edits/${id}/events`, { key: images.key }), 403, "forbidden");
});

test("streams are counted, and too many are refused", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer({ limits: { requests: 10_000 } });
  const id = await accepted(key);
  const open = await Promise.all(Array.from({ length: 20 }, () => follow(id, key)));
  await Promise.all(open.map((stream) => stream.next()));
  await vi.waitFor(
    async () => {
      const response = await call(`/v1/edits/${id}/events`, { key, headers: { "Last-Event-ID": "1" } });
      if (response.status === 200) await response.body?.cancel();
      expect(response.headers.get("Retry-After")).toBe("5");
      await refusal(response, 429, "rate_limited");
    },
    { timeout: 5_000, interval: 50 },
  );
  await cancel(id, key);
  for (const stream of open) expect(names(await stream.rest())).toEqual(["canceled"]);
});
