// A forget task erases what memory holds of a photo or a run.
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  allEvents,
  editTask,
  eventsOf,
  longTask,
  one,
  SECRET,
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
  ({ server, client } = await serve());
});
afterAll(async () => {
  await server.close();
  await storage.close();
});

const TENANT = "c".repeat(64);

const forget = (body: unknown, secret = SECRET) =>
  fetch(`${client.origin}/forget`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${secret}` },
  });

const kept = async () =>
  (await client.health()).inversions as { entries: number; bytes: number; hits: number };

const run = async (task: unknown) => one(await allEvents(client.send("/edit", task)), "succeeded");

test("erases a photo's inversions, so that its next edit inverts again; another tenant's stay", async () => {
  const change = { tenant: TENANT };
  const other = { tenant: "d".repeat(64) };
  const { photo } = editTask(storage);
  for (const given of [change, other]) await run(editTask(storage, { ...given, photo }));
  expect((await run(editTask(storage, { ...change, photo }))).cache.inversion).toBe(true);
  const before = await kept();
  expect(before.entries).toBeGreaterThanOrEqual(2);
  expect((await forget({ tenant: TENANT, photo_sha256: photo.sha256 })).status).toBe(204);
  await expect.poll(async () => (await kept()).entries).toBe(before.entries - 1);
  expect((await run(editTask(storage, { ...change, photo }))).cache.inversion).toBe(false);
  expect((await run(editTask(storage, { ...other, photo }))).cache.inversion).toBe(true);
});

test("does not replay a finished run that was forgotten, by its id or by its photo", async () => {
  for (const by of ["id", "photo"] as const) {
    const task = editTask(storage, { tenant: "e".repeat(64) });
    const first = await run(task);
    expect((await run(task)).timings).toEqual(first.timings);
    await client.idle();
    const { request_id, tenant, photo } = task;
    await forget(by === "id" ? { request_id } : { tenant, photo_sha256: photo.sha256 });
    expect((await run(task)).timings).not.toEqual(first.timings);
  }
});

test("keeps and remembers nothing at the end of a run that was forgotten while active", async () => {
  const task = longTask(storage, { tenant: "f".repeat(64), schedule: { steps: 20 } });
  const events = eventsOf(await client.send("/edit", task));
  await until(events, underWay);
  const before = await kept();
  await forget({ tenant: task.tenant, photo_sha256: task.photo.sha256 });
  await until(events, ({ event }) => event === "succeeded");
  await client.idle();
  expect((await kept()).entries).toBeLessThanOrEqual(before.entries);
});

test("refuses a caller without the credential, and a body that names no photo or run", async () => {
  expect((await forget({ request_id: "a" }, `${SECRET}x`)).status).toBe(401);
  for (const body of [{}, { request_id: "a", tenant: TENANT }, { tenant: TENANT }, { photo_sha256: TENANT }])
    expect((await forget(body)).status).toBe(422);
  expect((await forget({ request_id: "never-seen" })).status).toBe(204);
  expect((await fetch(`${client.origin}/forget`)).status).toBe(405);
});
