import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { newEdit, openAccount } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { arrivalsAt, ended, eventually, outboxOf, type Party } from "../../../test/outbox.ts";
import { OutboxTable } from "./outbox-table.ts";

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
});

afterEach(() => queue[Symbol.dispose]());

const receiver = (host: string, answers = "204") =>
  `https://${host}.hooks.test/${newId("evt")}?answers=${answers}`;

/** Queues two webhooks to each of these hosts, which never answer; resolves once each host has its first. */
async function toSilentHosts(party: Party, ...hosts: string[]): Promise<void> {
  const urls = hosts.map((host) => receiver(host, "0"));
  for (const url of [...urls, ...urls]) await ended(party, "canceled", url);
  for (const url of urls) await eventually(async () => expect(await arrivalsAt(url)).toHaveLength(1));
}

test("receivers that never answer delay neither other webhooks, nor edits, captures or meter events", async () => {
  const party = await openAccount();
  await toSilentHosts(party, "silent-a", "silent-b");
  const url = receiver("healthy");
  const edit = await ended(party, "succeeded", url);
  await eventually(async () => {
    const rows = (await outboxOf(party.id)).filter((row) => row.edit === edit);
    // its webhook was sent; its capture is waiting for its batch
    expect(rows).toMatchObject([{ kind: "meter", state: "pending" }]);
  });
  expect(await arrivalsAt(url)).toHaveLength(1);
  expect(await party.account.summary()).toMatchObject({ balance: 90, held: 0 });
});

test("with twelve silent hosts, the next host's webhook is sent at once and edits go on", async () => {
  const party = await openAccount();
  await toSilentHosts(party, ...Array.from({ length: 12 }, (_, index) => `silent-${index}`));
  const url = receiver("healthy");
  const since = Date.now();
  await ended(party, "canceled", url);
  await eventually(async () => expect(await arrivalsAt(url)).toHaveLength(1));
  expect(Date.now() - since).toBeLessThan(10_000);
  const next = await newEdit(party.id);
  await party.account.createEdit(next);
  expect(await party.account.claim(next.id)).toMatchObject({ outcome: "claimed" });
});

test("one host gets a few webhooks at a time, and each of them once", async () => {
  const party = await openAccount();
  const url = receiver("busy");
  for (let i = 0; i < 9; i++) await ended(party, "canceled", url);
  await eventually(async () => expect(await arrivalsAt(url)).toHaveLength(9));
  await eventually(async () => expect(await outboxOf(party.id)).toEqual([]));
});

test("hosts take turns: a host with many webhooks does not shut out the others", async () => {
  const party = await openAccount();
  const urls = ["a", "b", "c", "d"].map((host) => receiver(`host-${host}`, "500"));
  const edits: string[] = [];
  for (const url of [...urls, ...urls, ...urls]) edits.push(await ended(party, "canceled", url));
  await eventually(async () => {
    for (const url of urls) expect(await arrivalsAt(url)).toHaveLength(3);
  });
  await eventually(async () =>
    expect((await outboxOf(party.id)).map(({ edit, tries }) => [edit, tries])).toEqual(
      edits.map((edit) => [edit, 1]),
    ),
  );
});

test("ended entries are kept for a while, up to a limit", async () => {
  const { id } = await openAccount();
  const webhook = {
    edit: newId("edit"),
    kind: "webhook",
    lane: "webhook x",
    detail: { url: "https://x.test" },
  };
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage: { sql } }) => {
    const outbox = new OutboxTable(sql);
    const end = (at: number) => {
      outbox.add([webhook as Parameters<OutboxTable["add"]>[0][number]], at);
      for (const row of outbox.next(webhook as Parameters<OutboxTable["next"]>[0], at))
        outbox.end(row.seq, "stopped", null, at);
      outbox.forgetEnded(at);
    };
    const count = () => sql.exec<{ rows: number }>("SELECT count(*) AS rows FROM outbox").one().rows;
    for (let at = 1; at <= 1_010; at += 1) end(at);
    expect(count()).toBe(1_000);
    end(8 * 24 * 3_600_000);
    expect(count()).toBe(1);
  });
});
