import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Id, newId } from "../../../../shared/ids.ts";
import { webhookEventSchema } from "../../../../shared/webhook.ts";
import { openAccount } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import type { Arrival } from "../../../test/hooks.ts";
import { arrivalsAt, ended, eventually, outboxOf, partyWith, ring, settled } from "../../../test/outbox.ts";
import { DELIVERY_DAY_MS } from "../../delivery.ts";

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
  queue[Symbol.dispose]();
});

/** The address of a separate receiver that answers with these statuses in turn. */
const receiver = (answers = "204", host = "receiver") =>
  `https://${host}.hooks.test/${newId("evt")}?answers=${answers}`;

function read({ headers, body }: Arrival, secret: string) {
  return webhookEventSchema.parse(new Webhook(secret).verify(body, headers));
}

/** The account's only entry once this many tries were refused. */
const refused = (id: Id<"acct">, tries: number) =>
  eventually(async () => {
    const rows = await outboxOf(id);
    expect(rows).toMatchObject([{ state: "pending", tries, reason: "it answered 500" }]);
    return rows;
  });

test.each(["succeeded", "failed", "canceled"] as const)(
  "an edit that %s is reported once",
  async (ending) => {
    const url = receiver();
    const { id, account, edit } = await partyWith(ending, url);
    const rows = await settled(id);
    expect(rows.filter(({ kind }) => kind === "webhook")).toEqual([]);
    const [arrival = expect.fail("nothing arrived"), ...more] = await arrivalsAt(url);
    expect(more).toEqual([]);
    const event = read(arrival, await account.webhookSecret());
    const row = await account.edit(edit);
    expect(event).toMatchObject({
      type: `edit.${ending}`,
      timestamp: new Date(row?.finishedAt ?? 0).toISOString(),
      data: { id: edit, status: ending, usage: { credits: ending === "succeeded" ? 10 : 0 } },
    });
  },
);

test("without a webhook_url nothing is sent", async () => {
  const { id } = await partyWith("canceled");
  expect(await outboxOf(id)).toEqual([]);
});

test("the secret of another account does not verify", async () => {
  const url = receiver();
  const { id } = await partyWith("canceled", url);
  await settled(id);
  const [arrival = expect.fail("nothing arrived")] = await arrivalsAt(url);
  const { account: other } = await openAccount();
  const secret = await other.webhookSecret();
  expect(() => read(arrival, secret)).toThrow("No matching signature");
});

test("after a 500 it is retried under the same id", async () => {
  const url = receiver("500,204");
  const { id, account } = await partyWith("canceled", url);
  await eventually(async () =>
    expect(await outboxOf(id)).toMatchObject([{ state: "pending", tries: 1, reason: "it answered 500" }]),
  );
  vi.setSystemTime(Date.now() + 5_500);
  await ring(id);
  expect(await settled(id)).toEqual([]);
  const [first, second] = await arrivalsAt(url);
  if (first === undefined || second === undefined) throw new Error("two tries were expected");
  expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
  expect(second.headers["webhook-timestamp"]).not.toBe(first.headers["webhook-timestamp"]);
  const secret = await account.webhookSecret();
  expect(read(second, secret).timestamp).toBe(read(first, secret).timestamp);
});

test("410 stops it for good", async () => {
  const url = receiver("410,204");
  const { id } = await partyWith("canceled", url);
  expect(await settled(id)).toMatchObject([{ state: "stopped", reason: "it answered 410" }]);
  vi.setSystemTime(Date.now() + DELIVERY_DAY_MS);
  await ring(id);
  expect(await arrivalsAt(url)).toHaveLength(1);
});

test("a receiver that never accepts it is given up after a day", async () => {
  const url = receiver("500");
  const { id } = await partyWith("canceled", url);
  const start = Date.now();
  // An edit's content is kept a day by default, and no webhook is sent for an erased edit: here it is kept longer.
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    storage.sql.exec("UPDATE edits SET expires_at = expires_at + 3600000");
  });
  await evictDurableObject(env.ACCOUNTS.getByName(id));
  for (let tries = 1; tries < 8; tries += 1) {
    const [row] = await refused(id, tries);
    vi.setSystemTime(row?.next_at ?? 0);
    await ring(id);
  }
  expect(await settled(id)).toMatchObject([{ state: "expired", tries: 8 }]);
  expect(await arrivalsAt(url)).toHaveLength(8);
  expect(Date.now() - start).toBeGreaterThanOrEqual(DELIVERY_DAY_MS);
});

test("a redirect is not followed", async () => {
  const url = receiver("307");
  const { id } = await partyWith("canceled", url);
  await eventually(async () =>
    expect(await outboxOf(id)).toMatchObject([{ tries: 1, reason: "it answered 307" }]),
  );
  expect(await arrivalsAt(url)).toHaveLength(1);
  expect(await arrivalsAt(new URL("/elsewhere", url).href)).toEqual([]);
});

test("no webhook is sent for an edit that was erased in the meantime", async () => {
  const url = receiver("500,204");
  const { id, edit } = await partyWith("canceled", url);
  await refused(id, 1);
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    storage.sql.exec("DELETE FROM edits WHERE id = ?", edit);
  });
  await evictDurableObject(env.ACCOUNTS.getByName(id));
  vi.setSystemTime(Date.now() + 5_500);
  await ring(id);
  expect(await settled(id)).toMatchObject([{ state: "stopped", reason: "the edit was erased" }]);
  expect(await arrivalsAt(url)).toHaveLength(1);
});

test("a try that was interrupted with the object is repeated", async () => {
  const url = receiver("500,204");
  const { id } = await partyWith("canceled", url);
  await refused(id, 1);
  // The state during a try: taken for a minute, outcome unknown.
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    storage.sql.exec("UPDATE outbox SET tries = 2, next_at = ?", Date.now() + 60_000);
    storage.sql.exec("UPDATE due SET at = ? WHERE subject = 'outbox'", Date.now() + 60_000);
  });
  await evictDurableObject(env.ACCOUNTS.getByName(id));
  vi.setSystemTime(Date.now() + 60_000);
  await ring(id);
  expect(await settled(id)).toEqual([]);
  expect(await arrivalsAt(url)).toHaveLength(2);
});

test("after a rotation both secrets verify, and after a day only the new one", async () => {
  const party = await openAccount();
  const before = await party.account.webhookSecret();
  const after = await party.account.rotateWebhookSecret();
  expect(after).not.toBe(before);
  expect(await party.account.webhookSecret()).toBe(after);
  const url = receiver();
  await ended(party, "canceled", url);
  await settled(party.id);
  const [arrival = expect.fail("nothing arrived")] = await arrivalsAt(url);
  for (const secret of [before, after]) expect(read(arrival, secret).type).toBe("edit.canceled");

  vi.setSystemTime(Date.now() + DELIVERY_DAY_MS);
  const later = receiver();
  await ended(party, "canceled", later);
  await ring(party.id);
  await settled(party.id);
  const [second = expect.fail("nothing arrived")] = await arrivalsAt(later);
  expect(read(second, after).type).toBe("edit.canceled");
  expect(() => read(second, before)).toThrow("No matching signature");
});
