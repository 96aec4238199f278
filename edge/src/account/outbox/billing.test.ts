import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Id, newId } from "../../../../shared/ids.ts";
import { openAccount } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { ended, outboxOf, partyWith, ring, settled } from "../../../test/outbox.ts";
import { DELIVERY_DAY_MS } from "../../delivery.ts";
import { LedgerTable } from "../tables/ledger.ts";
import { Deliveries } from "./deliveries.ts";
import { entriesOf, GATHER_MS } from "./entries.ts";
import { OutboxTable } from "./outbox-table.ts";

const SUCCESS = { succeeded: true, captured: 10, row: 1 } as const;

const METERED = { meter: true, usage: null } as const;

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
});

afterEach(() => {
  vi.useRealTimers();
  queue[Symbol.dispose]();
});

/** What the Stripe fake holds for an account. */
async function stripeOf(account: Id<"acct">) {
  const { events, customers } = await (await fetch("https://stripe.test/test/events")).json<{
    events: Record<string, string>[];
    customers: { id: string; name: string; account: string }[];
  }>();
  const own = customers.filter((customer) => customer.account === account);
  return {
    customers: own,
    events: events.filter((event) => own.some(({ id }) => id === event["payload[stripe_customer_id]"])),
  };
}

/** Captures are batched for a few seconds: sends them now and waits until they have left. */
async function gathered(id: Id<"acct">): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + GATHER_MS.meter });
  await ring(id);
  expect(await settled(id)).toEqual([]);
}

test("each captured edit is one meter event for the account's customer", async () => {
  const party = await openAccount();
  const edits = [await ended(party, "succeeded"), await ended(party, "succeeded")];
  await gathered(party.id);
  const { customers, events } = await stripeOf(party.id);
  expect(customers).toMatchObject([{ name: "a test", account: party.id }]);
  expect(events.map(({ identifier }) => identifier).sort()).toEqual(edits.sort());
  expect(events.map((event) => event["payload[value]"])).toEqual(["10", "10"]);
});

test("batched captures are one row, and each is metered once no matter how often it is tried", async () => {
  const party = await openAccount();
  const edits = [
    await ended(party, "succeeded"),
    await ended(party, "succeeded"),
    await ended(party, "succeeded"),
  ];
  expect(await outboxOf(party.id)).toHaveLength(1);
  await gathered(party.id);
  const { events } = await stripeOf(party.id);
  expect(events.map(({ identifier }) => identifier).sort()).toEqual(edits.sort());
});

test("a capture after a batch has left is metered with the next one", async () => {
  const party = await openAccount();
  const edits = [await ended(party, "succeeded")];
  await gathered(party.id);
  edits.push(await ended(party, "succeeded"));
  expect(await outboxOf(party.id)).toMatchObject([{ edit: edits[1] }]);
  await gathered(party.id);
  const { events } = await stripeOf(party.id);
  expect(events.map(({ identifier }) => identifier)).toEqual(edits);
});

test("a batch that is retried has no capture of the next one", async () => {
  const { id } = await openAccount();
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage: { sql } }) => {
    const [outbox, ledger] = [new OutboxTable(sql), new LedgerTable(sql)];
    const captured = (now: number) => {
      const edit = newId("edit");
      ledger.hold(edit, 10, now);
      const row = ledger.settle(edit, { state: "open", amount: 10 }, 4, now);
      const entries = entriesOf(
        { id: edit, input: { webhook_url: null } },
        { ...SUCCESS, row },
        METERED,
        now,
      );
      outbox.add(entries, now);
      return { edit, credits: 4, at: now };
    };
    const first = [captured(0), captured(GATHER_MS.meter - 1)];
    const second = [captured(GATHER_MS.meter)];
    const entries = sql.exec<{ detail: string }>("SELECT detail_json AS detail FROM outbox ORDER BY seq");
    const batches = entries.toArray().map(({ detail }) => ledger.captures(JSON.parse(detail)));
    expect(batches).toEqual([first, second]);
  });
});

test("more captures than a batch holds begin another", async () => {
  const { id } = await openAccount();
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage: { sql } }) => {
    const outbox = new OutboxTable(sql);
    const edit = { id: newId("edit"), input: { webhook_url: null } };
    for (let row = 1; row <= 61; row += 1) outbox.add(entriesOf(edit, { ...SUCCESS, row }, METERED, 0), 0);
    const entries = sql.exec<{ detail: string }>("SELECT detail_json AS detail FROM outbox ORDER BY seq");
    expect(entries.toArray().map(({ detail }) => JSON.parse(detail))).toMatchObject([
      { from: 1, below: 61 },
      { from: 61, below: 121 },
    ]);
  });
});

test("an entry of the previous version, with its captures in it, is metered", async () => {
  const { id } = await openAccount();
  const edit = newId("edit");
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    const captures = [{ edit, credits: 7, at: Date.now() }];
    new OutboxTable(storage.sql).add(
      [{ edit, kind: "meter", lane: "meter", detail: { captures } }],
      Date.now(),
    );
    return storage.setAlarm(Date.now() + GATHER_MS.meter);
  });
  // the object reads its tables anew
  await evictDurableObject(env.ACCOUNTS.getByName(id));
  await gathered(id);
  const { events } = await stripeOf(id);
  expect(events).toMatchObject([{ identifier: edit, "payload[value]": "7" }]);
});

test("captures that Stripe does not take for days are not given up", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { id } = await openAccount();
  const start = Date.now();
  await runInDurableObject(env.ACCOUNTS.getByName(id), async (_, { storage }) => {
    const outbox = new OutboxTable(storage.sql);
    const edit = { id: newId("edit"), input: { webhook_url: null } };
    outbox.add(entriesOf(edit, SUCCESS, METERED, start), start);
    const work: Promise<void>[] = [];
    const deliveries = new Deliveries({
      outbox,
      send: async (rows) => rows.map(() => ({ outcome: "retry", reason: "it answered 500" })),
      change: (step) => storage.transactionSync(() => step(Date.now())),
      keepAlive: (sending) => work.push(sending),
    });
    for (let tries = 0; tries < 12; tries += 1) {
      vi.setSystemTime(deliveries.nextAt(Date.now()) ?? 0);
      deliveries.start();
      await Promise.all(work);
    }
  });
  expect(Date.now() - start).toBeGreaterThanOrEqual(3 * DELIVERY_DAY_MS);
  expect(await outboxOf(id)).toMatchObject([{ kind: "meter", state: "pending", tries: 12 }]);
});

test.each(["failed", "canceled"] as const)("an edit that %s is no meter event", async (ending) => {
  const { id } = await partyWith(ending);
  expect(await settled(id)).toEqual([]);
});

test("the payer of a checkout becomes the customer", async () => {
  const { id, account } = await openAccount();
  const payment = { amount: 5, reason: "payment", reference: newId("evt") };
  await account.addCredits({ ...payment, customer: "cus_of_a_checkout" });
  await account.addCredits({ ...payment, reference: newId("evt"), customer: "cus_of_another" });
  const edit = await ended({ id, account }, "succeeded");
  await gathered(id);
  const { events } = await (await fetch("https://stripe.test/test/events")).json<{
    events: Record<string, string>[];
  }>();
  expect(events.find(({ identifier }) => identifier === edit)).toMatchObject({
    "payload[stripe_customer_id]": "cus_of_a_checkout",
  });
});

test("generated images are batched and reported as one number", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { id } = await openAccount();
  const stub = env.ACCOUNTS.getByName(id);
  await runInDurableObject(stub, (_, { storage }) => {
    const outbox = new OutboxTable(storage.sql);
    const reporting = { meter: false, usage: "flux-1-dev" };
    for (let edit = 0; edit < 7; edit += 1)
      outbox.add(
        entriesOf({ id: newId("edit"), input: { webhook_url: null } }, SUCCESS, reporting, Date.now()),
        Date.now(),
      );
    return storage.setAlarm(outbox.lanes()[0]?.dueAt ?? 0);
  });
  await evictDurableObject(env.ACCOUNTS.getByName(id));
  const reports = async () => (await fetch("https://bfl.test/test/reports")).json();
  vi.setSystemTime(Date.now() + GATHER_MS.usage - 1);
  await ring(id);
  expect(await reports()).toEqual([]);
  vi.setSystemTime(Date.now() + 1);
  await ring(id);
  expect(await settled(id)).toEqual([]);
  expect(await reports()).toEqual([7]);
});

test("nothing is reported for a failed edit, or for a model whose licence requires no report", () => {
  const edit = { id: newId("edit"), input: { webhook_url: null } };
  expect(entriesOf(edit, SUCCESS, { meter: false, usage: null }, 0)).toEqual([]);
  expect(
    entriesOf(edit, { succeeded: false, captured: 0, row: 1 }, { meter: true, usage: "flux-1-dev" }, 0),
  ).toEqual([]);
});
