// One run at a time: what callers see if they arrive together, repeat a task, overtake a run or leave.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GpuEvent } from "../../../shared/gpu.ts";
import {
  allEvents,
  editTask,
  eventsOf,
  longTask,
  maskTask,
  one,
  type Served,
  serve,
  underWay,
  until,
} from "./client.fixture.ts";
import { openStorage, type Storage } from "./storage.fixture.ts";

let storage: Storage;
let server: Served["server"];
let client: Served["client"];

beforeAll(async () => {
  storage = await openStorage();
  ({ server, client } = await serve({ heartbeatMs: 50 }));
});
afterAll(async () => {
  await server.close();
  await storage.close();
});

/** Starts a task and reads until its evaluations are running. */
async function started(task: unknown, leave?: AbortController) {
  const response = await client.send("/edit", task, leave ? { signal: leave.signal } : {});
  const events = eventsOf(response);
  await until(events, underWay);
  return events;
}

async function rest(events: AsyncGenerator<GpuEvent>): Promise<GpuEvent | undefined> {
  let last: GpuEvent | undefined;
  for await (const event of events) last = event;
  return last;
}

test("while a task runs, another is refused with a real wait; health reports it and heartbeats continue", async () => {
  const leave = new AbortController();
  const events = await started(longTask(storage), leave);
  const since = performance.now();
  const refused = await client.send("/mask", maskTask(storage));
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "gpu_unavailable", status: 503 });
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThanOrEqual(1);
  expect(Number(refused.headers.get("Retry-After"))).toBeLessThan(600);
  expect(await client.health()).toMatchObject({ status: "ready", busy: true, model: { id: "mini" } });
  // answered while the other thread evaluates, not after the run
  expect(performance.now() - since).toBeLessThan(2_000);
  await until(events, ({ event }) => event === "heartbeat");
  leave.abort();
  await client.idle();
});

test("the same attempt twice is one run with the same events, even after its end", async () => {
  const task = editTask(storage);
  const both = await Promise.all([1, 2].map(() => allEvents(client.send("/edit", task))));
  expect(both[1]).toEqual(both[0]);
  expect(await allEvents(client.send("/edit", task))).toEqual(both[0]);
  const writes = storage.requests.filter((request) => request === `PUT ${task.put.result.key}`);
  expect(writes).toHaveLength(1);
  expect((await client.send("/mask", maskTask(storage, { request_id: task.request_id }))).status).toBe(409);
});

test("a run ends only when its last follower leaves; if requested again, it starts again", async () => {
  const task = longTask(storage);
  const [first, second] = [new AbortController(), new AbortController()];
  await started(task, first);
  const followed = await started(task, second);
  first.abort();
  await until(followed, underWay);
  expect((await client.health()).busy).toBe(true);
  second.abort();
  await client.idle();
  expect(storage.objects.has(task.put.result.key)).toBe(false);
  const again = await allEvents(
    client.send("/edit", { ...task, schedule: { steps: 2, structuring_steps: 1 } }),
  );
  one(again, "succeeded");
});

test("a higher attempt ends the lower one and runs; a lower one is refused", async () => {
  const task = longTask(storage, { tenant: "c".repeat(64) });
  const overtaken = await started(task);
  const higher = { ...task, attempt: 3, schedule: { steps: 2, structuring_steps: 1 } };
  const events = allEvents(client.send("/edit", higher));
  expect(await rest(overtaken)).toEqual({ event: "canceled" });
  expect(one(await events, "succeeded").evaluations).toBe(8);
  const refused = await client.send("/edit", { ...task, attempt: 2 });
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: "conflict" }]);
});

test("a run that exceeds its deadline fails for good", async () => {
  const events = await allEvents(client.send("/edit", longTask(storage, { deadline_ms: 300 })));
  expect(events.at(-1)).toMatchObject({ event: "failed", code: "deadline_exceeded", retryable: false });
  await client.idle();
});
