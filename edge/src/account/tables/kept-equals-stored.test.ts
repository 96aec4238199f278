import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { newEdit, openAccount } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { RESULT } from "../../../test/outbox.ts";
import { AccountRoom } from "../../limits/account-room.ts";
import { acceptEdit } from "../rules/acceptance.ts";
import { Edits } from "../rules/edits.ts";
import { EventLog } from "../rules/event-log.ts";
import { openTables, type Tables } from "./tables.ts";

const EDITS = 5;
const DAY_MS = 86_400_000;
const located = { cacheKey: "a mask", object: "its object", image: null };
const FAULT = { code: "internal", detail: "a fault", retryable: true } as const;
const UNHEARD = { called: () => {}, final: () => {}, news: () => {}, load: () => {}, due: () => {} };

/** Undoes all of a history, so that the next one begins with the same account. */
class UndoneError extends Error {}

const steps = fc.array(
  fc.record({
    what: fc.nat(),
    which: fc.nat(EDITS - 1),
    ms: fc.integer({ min: 0, max: 20_000 }),
    rolledBack: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 5, maxLength: 60 },
);

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
});

afterEach(() => queue[Symbol.dispose]());

test("whatever happens to edits, and whichever transaction fails, memory says what the tables say", async () => {
  const { id } = await openAccount(45);
  const given = await Promise.all(
    Array.from({ length: EDITS }, async (_, index) => {
      const edit = await newEdit(id, { deadline_ms: 60_000 });
      const webhook_url = index % 2 === 0 ? null : `https://${index}.hooks.test/`;
      // values that JSON drops: what is read has no `quality`
      const output = { ...edit.input.output, quality: undefined };
      return { ...edit, input: { ...edit.input, webhook_url, output } as typeof edit.input };
    }),
  );

  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    const said = (tables: Tables, now: number) => ({
      edits: given.map((edit) => tables.edits.find(edit.id, id)),
      nextExpiry: tables.edits.nextExpiry(),
      expired: tables.edits.expired(id, now, 10).map((edit) => edit.id),
      unfinished: tables.waiting.unfinished(),
      totals: tables.ledger.totals(),
      due: tables.due.earliest(),
      lanes: tables.outbox.lanes(),
      provenance: tables.account.provenance(),
      located: given.map(({ input: { image } }) => [
        tables.masks.anyOf(image.sha256),
        tables.masks.has(image.sha256, "a mask"),
      ]),
    });

    const history = (taken: readonly { what: number; which: number; ms: number; rolledBack: boolean }[]) => {
      const tables = openTables(storage.sql);
      const reporting = () => ({ meter: true, usage: "flux-1-dev" });
      const edits = new Edits(tables, new EventLog(), reporting, () => 2, UNHEARD);
      const context = { tables, edits, rates: null, room: new AccountRoom(64) };
      let now = Date.now();

      const actions: ((edit: (typeof given)[number]) => unknown)[] = [
        (edit) => acceptEdit(context, edit, DAY_MS, now),
        (edit) => edits.claim(edit.id, now),
        (edit) => edits.report(runOf(edit), "started", now),
        (edit) => edits.succeed(runOf(edit), RESULT, now),
        (edit) => edits.fail(runOf(edit), FAULT, now),
        (edit) => edits.giveBack(runOf(edit), 1, now),
        (edit) => edits.cancel(edit.id, now),
        (edit) => edits.giveUp(edit.id, now),
        (edit) => tables.edits.remove(edit.id),
        () => edits.wakeAll(now),
        () => tables.ledger.post(3, "more", newId("evt"), now),
        () => tables.account.setProvenance({ c2pa: now % 2 === 0, watermark: now % 3 === 0 }),
        ({ input }) => tables.masks.add(located, { sha256: input.image.sha256, expiresAt: now }, now),
        ({ input }) => tables.masks.ofPhoto(input.image.sha256).map((row) => tables.masks.remove(row)),
        ({ id: subject }) => tables.due.set(subject, now + 5_000),
        ({ id: subject }) => tables.due.setIfAbsent(subject, now + 1_000),
        ({ id: subject }) => tables.due.remove(subject),
        () => tables.due.removeAll(given.map(({ id: subject }) => subject)),
        () => tables.due.ready(now, 1).map((row) => tables.due.postpone(row, now)),
        () => waiting().map(({ seq }) => tables.outbox.postpone(seq, now + 9_000, "away")),
        () => waiting().map(({ seq }) => tables.outbox.end(seq, "stopped", "gone", now)),
        () => waiting().map(({ seq }) => tables.outbox.remove(seq)),
      ];
      const runOf = ({ id: edit }: { id: (typeof given)[number]["id"] }) => ({
        edit,
        attempt: edits.stored(edit)?.attempt ?? 0,
      });
      const waiting = () =>
        tables.outbox.lanes().flatMap((lane) => tables.outbox.next(lane, now).slice(0, 1));

      for (const { what, which, ms, rolledBack } of taken) {
        now += ms;
        const edit = given[which];
        if (edit === undefined) throw new Error("no such edit");
        const act = () => {
          actions[what % actions.length]?.(edit);
          expect(said(tables, now)).toStrictEqual(said(openTables(storage.sql), now));
          if (rolledBack) throw new UndoneError();
        };
        try {
          storage.transactionSync(act);
        } catch (error) {
          if (!(error instanceof UndoneError)) throw error;
          tables.forget();
        }
        expect(said(tables, now)).toStrictEqual(said(openTables(storage.sql), now));
      }
    };

    const undone = (taken: Parameters<typeof history>[0]) => {
      try {
        storage.transactionSync(() => {
          history(taken);
          throw new UndoneError();
        });
      } catch (error) {
        if (!(error instanceof UndoneError)) throw error;
      }
    };
    fc.assert(fc.property(steps, undone), { numRuns: 60 });
  });
});
