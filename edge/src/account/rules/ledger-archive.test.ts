import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Id } from "../../../../shared/ids.ts";
import { newEdit, openAccount } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { ended, settled } from "../../../test/outbox.ts";

const DAY_MS = 86_400_000;

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 1, 12) });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  queue[Symbol.dispose]();
});

test("captures that are not metered yet stay in the ledger", async () => {
  const party = await openAccount(100);
  await ended(party, "succeeded");
  const archived = async () => {
    vi.setSystemTime(Date.now() + DAY_MS);
    await runDurableObjectAlarm(env.ACCOUNTS.getByName(party.id));
    return (await entriesOf(party.id)).map(({ kind }) => kind);
  };
  const stripe = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("no connection"));
  vi.setSystemTime(Date.now() + 8 * DAY_MS);
  expect(await archived()).toEqual(["rollup", "capture"]);
  stripe.mockRestore();
  await archived();
  await settled(party.id);
  expect(await archived()).toEqual(["rollup"]);
});

const entriesOf = (id: Id<"acct">) =>
  runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) =>
    storage.sql
      .exec<{ kind: string; available: number; held: number; available_after: number; held_after: number }>(
        "SELECT kind, available, held, available_after, held_after FROM ledger ORDER BY seq",
      )
      .toArray(),
  );

test("entries of old days become one a day with the same balance; the entries themselves are in R2", async () => {
  const { id, account } = await openAccount(100);
  for (const day of [0, 1, 8]) {
    vi.setSystemTime(Date.UTC(2026, 10, 1 + day, 12));
    const edit = await newEdit(id);
    await account.createEdit(edit);
    await account.cancelEdit(edit.id);
  }
  const before = await account.summary();
  vi.setSystemTime(Date.UTC(2026, 10, 10, 12));
  for (let round = 0; round < 4; round++) {
    vi.setSystemTime(Date.now() + DAY_MS / 100);
    await runDurableObjectAlarm(env.ACCOUNTS.getByName(id));
  }
  const entries = await entriesOf(id);
  expect(entries.map(({ kind }) => kind)).toEqual(["rollup", "rollup", "hold", "release"]);
  expect(entries.slice(0, 2)).toEqual([
    { kind: "rollup", available: 100, held: 0, available_after: 100, held_after: 0 },
    { kind: "rollup", available: 0, held: 0, available_after: 100, held_after: 0 },
  ]);
  expect(await account.summary()).toEqual(before);
  const { objects } = await env.IMAGES.list({ prefix: `ledgers/${id}/` });
  expect(objects.map(({ key }) => key.split("/")[2])).toEqual(["2026-11-01", "2026-11-02"]);
  const lines = await (await env.IMAGES.get(objects[0]?.key ?? ""))?.text();
  const archived = (lines ?? "")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { kind: string });
  expect(archived.map(({ kind }) => kind)).toEqual(["credit", "hold", "release"]);
});
