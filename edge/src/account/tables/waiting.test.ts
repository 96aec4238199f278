import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newEdit, openAccount, storedPhoto } from "../../../test/edits.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { WaitingTable } from "./waiting.ts";

let gpu: FakeGpu;
let queue: HeldQueue;

beforeEach(() => {
  gpu = new FakeGpu();
  queue = new HeldQueue();
});

afterEach(() => {
  gpu[Symbol.dispose]();
  queue[Symbol.dispose]();
  vi.restoreAllMocks();
});

const start = Date.now();

/** The properties of a line that the test compares. */
const said = (line: WaitingTable) => ({
  ...line.unfinished(),
  next: line.next(1_000),
  turn: line.isTurn(1_000),
  due: [0, 20_000, 3_600_000].map((ms) => line.due(start + ms)),
  pace: line.msPerCredit(),
});

test("whatever happens to edits, the line in memory equals the table's", async () => {
  const lines: WaitingTable[] = [];
  const { unfinished } = WaitingTable.prototype;
  vi.spyOn(WaitingTable.prototype, "unfinished").mockImplementation(function (this: WaitingTable) {
    if (!lines.includes(this)) lines.push(this);
    return unfinished.call(this);
  });
  const { id, account } = await openAccount(1_000);
  const accept = async () => {
    const edit = await newEdit(id);
    await account.addImage(storedPhoto(edit));
    await account.createEdit(edit);
    return edit.id;
  };
  await accept();
  const [line] = lines;
  if (line === undefined) throw new Error("nothing asked for the line");
  const same = () =>
    runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) =>
      expect(said(line)).toEqual(said(new WaitingTable(storage.sql))),
    );
  const edits = [await accept(), await accept(), await accept()] as const;
  await same();
  const claim = await account.claim(edits[0]);
  expect(claim.outcome).toBe("claimed");
  await same();
  await account.fail(
    { edit: edits[0], attempt: 1 },
    { code: "gpu_unavailable", detail: "gone", retryable: true },
  );
  await same();
  await account.cancelEdit(edits[1]);
  await same();
  await account.eraseEdit(edits[1]);
  await account.eraseEdit(edits[2]);
  await same();
  expect(line.before(edits[0])).toHaveLength(1);
  expect(line.unfinished().count).toBe(2);
});

test("a transaction that is rolled back leaves no edit in line", async () => {
  const { id, account } = await openAccount(15);
  const edits = [await newEdit(id), await newEdit(id)];
  for (const edit of edits) await account.addImage(storedPhoto(edit));
  // the second one finds no credits, so none is accepted
  expect(await account.createEdits(edits, null)).toMatchObject({ outcome: "insufficient_credits" });
  const edit = await newEdit(id);
  await account.addImage(storedPhoto(edit));
  await account.createEdit(edit);
  expect(queue.sent.map(({ edit: sent }) => sent)).toEqual([edit.id]);
  const claim = await account.claim(edit.id);
  expect(claim.outcome).toBe("claimed");
  expect((await account.editNews(edit.id, "key_1", 0, 0)) as unknown).toMatchObject({
    happenings: [{ kind: "queued", position: 1 }],
  });
});
