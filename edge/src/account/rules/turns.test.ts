import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Id } from "../../../../shared/ids.ts";
import { newEdit, openAccount } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { settingsOf } from "../../env.ts";
import { AccountRoom } from "../../limits/account-room.ts";
import { reportingOf } from "../outbox/send.ts";
import { openTables } from "../tables/tables.ts";
import { acceptEdit } from "./acceptance.ts";
import { Edits } from "./edits.ts";
import { EventLog } from "./event-log.ts";

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
});

afterEach(() => {
  vi.useRealTimers();
  queue[Symbol.dispose]();
});

test("the queue holds a few edits of an account: when one ends, the oldest waiting one is sent", async () => {
  const { id } = await openAccount();
  const given = await Promise.all(Array.from({ length: 5 }, () => newEdit(id, { deadline_ms: 60_000 })));
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    const tables = openTables(storage.sql);
    const called: Id<"edit">[] = [];
    const edits = new Edits(
      tables,
      new EventLog(),
      () => reportingOf(settingsOf(env)),
      () => 2,
      { called: (edit) => called.push(edit), final: () => {}, news: () => {}, load: () => {}, due: () => {} },
    );
    const now = Date.now();
    const accept = (index: number) => {
      const edit = given[index];
      if (edit === undefined) throw new Error("no such edit");
      acceptEdit({ tables, edits, rates: null, room: new AccountRoom(64) }, edit, 86_400_000, now + index);
    };
    const ids = given.map((edit) => edit.id);
    for (let index = 0; index < 4; index++) accept(index);
    expect(called).toEqual(ids.slice(0, 2));

    // a busy GPU gives a claim back: that does not end the edit
    for (const round of [1, 2]) {
      expect(edits.claim(ids[0] as Id<"edit">, now + 1_000 * round)).toMatchObject({ attempt: round });
      edits.giveBack({ edit: ids[0] as Id<"edit">, attempt: round }, 1, now + 1_000 * round);
    }
    expect(called).toHaveLength(2);

    edits.cancel(ids[1] as Id<"edit">, now + 3_000);
    expect(called).toEqual(ids.slice(0, 3));
    // a waiting edit is not in the queue
    edits.cancel(ids[3] as Id<"edit">, now + 3_000);
    expect(called).toHaveLength(3);
    accept(4);
    expect(called).toHaveLength(3);

    // the deadline ends the edits in the queue and the one that is still waiting
    edits.wakeAll(now + 61_000);
    for (const edit of [ids[0], ids[2], ids[4]] as Id<"edit">[])
      expect(edits.stored(edit)).toMatchObject({ status: "failed", error: { code: "deadline_exceeded" } });
    expect(tables.ledger.totals()).toEqual({ available: 100, held: 0 });
  });
});

test("an edit that cannot finish in time is not started if others wait behind it; an edit alone is", async () => {
  const { id, account } = await openAccount();
  vi.useFakeTimers({ toFake: ["Date"] });
  const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
  const accepted = async (deadline_ms: number) => {
    const edit = await newEdit(id, { deadline_ms });
    await account.createEdit(edit);
    return edit.id;
  };
  const measured = await accepted(600_000);
  await account.claim(measured);
  later(10_000);
  await account.succeed(
    { edit: measured, attempt: 1 },
    {
      mask: { key: "mask", coverage: 0.25, source: "pasl" },
      result: { key: "result", width: 64, height: 64, contentType: "image/png", bytes: 64, sha256: "" },
      regions: [],
      preservation: null,
      timings: { mask_ms: 1, inversion_ms: 2, edit_ms: 3, evaluations: 120 },
      cache: { mask: false, inversion: false },
      model: { id: "mini", version: "0.1.0" },
    },
  );

  const [late, next] = [await accepted(7_900), await accepted(60_000)];
  expect(await account.claim(late)).toEqual({ outcome: "settled" });
  expect(await account.edit(late)).toMatchObject({
    status: "failed",
    attempt: 0,
    error: { code: "deadline_exceeded" },
  });
  expect(await account.summary()).toMatchObject({ balance: 80, held: 10 });
  expect(await account.claim(next)).toMatchObject({ outcome: "claimed" });
  await account.cancelEdit(next);
  expect(await account.claim(await accepted(7_900))).toMatchObject({ outcome: "claimed" });
});
