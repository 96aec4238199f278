import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Id } from "../../../../shared/ids.ts";
import { newEdit, openAccount } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import type { RunResult } from "../contract/edits.ts";
import type { AccountRpc } from "../contract/rpc.ts";
import { LEASE_MS } from "./lifecycle.ts";

const RESULT: RunResult = {
  mask: { key: "mask", coverage: 0.25, source: "pasl" },
  result: { key: "result", width: 64, height: 64, contentType: "image/png", bytes: 64, sha256: "" },
  regions: [{ prompt: "a beard", coverage: 0.25 }],
  preservation: { psnr_outside_db: 40, ssim_outside: 0.99 },
  timings: { mask_ms: 1, inversion_ms: 2, edit_ms: 3, evaluations: 120 },
  cache: { mask: false, inversion: false },
  model: { id: "mini", version: "0.1.0" },
};

const FAULT = { code: "gpu_unavailable", detail: "the stream was cut", retryable: true } as const;

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
  queue[Symbol.dispose]();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

const ring = (account: Id<"acct">) => runDurableObjectAlarm(env.ACCOUNTS.getByName(account));

async function accepted(given: Parameters<typeof newEdit>[1] = {}) {
  const { id, account } = await openAccount();
  const edit = await newEdit(id, given);
  await account.createEdit(edit);
  return { account, id, edit: edit.id };
}

async function claimed(account: AccountRpc, edit: Id<"edit">) {
  const claim = await account.claim(edit);
  if (claim.outcome !== "claimed") throw new Error(`not claimed: ${claim.outcome}`);
  return { edit, attempt: claim.attempt };
}

test("an accepted edit holds its credits and is sent to the queue", async () => {
  const { account, id, edit } = await accepted();
  expect(await account.summary()).toMatchObject({ balance: 90, held: 10 });
  expect(await account.edit(edit)).toMatchObject({
    account: id,
    status: "queued",
    attempt: 0,
    startedAt: null,
  });
  expect(queue.sent).toEqual([{ account: id, edit }]);
});

test("too few credits: nothing is written", async () => {
  const { id, account } = await openAccount(9);
  const edit = await newEdit(id);
  expect(await account.createEdit(edit)).toEqual({ outcome: "insufficient_credits", balance: 9 });
  expect(await account.edit(edit.id)).toBeNull();
  expect(await account.summary()).toMatchObject({ balance: 9, held: 0 });
  expect(queue.sent).toEqual([]);
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    expect(storage.sql.exec("SELECT kind FROM ledger").toArray()).toEqual([{ kind: "credit" }]);
    expect(storage.sql.exec("SELECT subject FROM due").toArray()).toEqual([]);
  });
});

test("the same edit twice is one edit and one hold", async () => {
  const { id, account } = await openAccount();
  const edit = await newEdit(id);
  const [first, second] = await Promise.all([account.createEdit(edit), account.createEdit(edit)]);
  expect(second).toEqual(first);
  expect(await account.summary()).toMatchObject({ balance: 90, held: 10 });
});

test("success captures once and stores the result", async () => {
  const { account, edit } = await accepted();
  const run = await claimed(account, edit);
  later(50);
  expect(await account.succeed(run, RESULT)).toBe(true);
  expect(await account.succeed(run, RESULT)).toBe(false);
  expect(await account.summary()).toMatchObject({ balance: 90, held: 0 });
  expect(await account.edit(edit)).toMatchObject({
    status: "succeeded",
    mask: RESULT.mask,
    result: RESULT.result,
    timings: { queue_ms: 0, total_ms: 50, evaluations: 120 },
  });
  expect(await account.claim(edit)).toEqual({ outcome: "settled" });
});

test("only one of two consumers claims an edit", async () => {
  const { account, edit } = await accepted();
  const claims = await Promise.all([account.claim(edit), account.claim(edit)]);
  expect(claims.map(({ outcome }) => outcome).sort()).toEqual(["claimed", "running"]);
});

test("a fault is retried after a delay, and the third one is final", async () => {
  const { account, edit } = await accepted();
  for (const delaySeconds of [5, 20]) {
    const run = await claimed(account, edit);
    expect(await account.fail(run, FAULT)).toEqual({ outcome: "retry", delaySeconds });
    expect(await account.edit(edit)).toMatchObject({ status: "queued", startedAt: null });
    // A second message for the same edit comes too early and is not needed.
    expect(await account.claim(edit)).toEqual({ outcome: "settled" });
    later(delaySeconds * 1000);
  }
  expect(await account.fail(await claimed(account, edit), FAULT)).toEqual({ outcome: "failed" });
  expect(await account.edit(edit)).toMatchObject({
    status: "failed",
    attempt: 3,
    error: { code: "gpu_unavailable", detail: FAULT.detail },
  });
  expect(await account.summary()).toMatchObject({ balance: 100, held: 0 });
});

test("a failure that no retry can fix is final at once", async () => {
  const { account, edit } = await accepted();
  const error = { code: "image_rejected", detail: "not a photo", retryable: false } as const;
  expect(await account.fail(await claimed(account, edit), error)).toEqual({ outcome: "failed" });
  expect(await account.summary()).toMatchObject({ balance: 100, held: 0 });
});

test("busy is no attempt", async () => {
  const { account, edit } = await accepted();
  for (let asked = 0; asked < 10; asked++) {
    await account.yieldClaim(await claimed(account, edit), 2);
    later(2000);
  }
  const run = await claimed(account, edit);
  expect(run.attempt).toBe(11);
  expect(await account.fail(run, FAULT)).toMatchObject({ outcome: "retry" });
});

test("a late answer of the first attempt changes nothing after the second began", async () => {
  const { account, id, edit } = await accepted();
  const first = await claimed(account, edit);
  later(LEASE_MS + 1);
  await ring(id);
  const second = await claimed(account, edit);
  expect(await account.report(first, null)).toEqual({ proceed: false });
  expect(await account.succeed(first, RESULT)).toBe(false);
  expect(await account.fail(first, FAULT)).toEqual({ outcome: "failed" });
  expect(await account.edit(edit)).toMatchObject({ status: "running", attempt: 2 });
  expect(await account.succeed(second, RESULT)).toBe(true);
  expect(await account.succeed(first, RESULT)).toBe(false);
  expect(await account.summary()).toMatchObject({ balance: 90, held: 0 });
});

test("canceling a queued edit is free and final", async () => {
  const { account, edit } = await accepted();
  expect(await account.cancelEdit(edit)).toMatchObject({ status: "canceled", error: null });
  expect(await account.claim(edit)).toEqual({ outcome: "settled" });
  expect(await account.cancelEdit(edit)).toMatchObject({ status: "canceled" });
  expect(await account.summary()).toMatchObject({ balance: 100, held: 0 });
});

test("canceling a running edit stops the run, and its late answer is discarded", async () => {
  const { account, edit } = await accepted();
  const run = await claimed(account, edit);
  expect(await account.report(run, null)).toEqual({ proceed: true });
  expect(await account.cancelEdit(edit)).toMatchObject({ status: "canceled" });
  expect(await account.report(run, null)).toEqual({ proceed: false });
  expect(await account.succeed(run, RESULT)).toBe(false);
  expect(await account.summary()).toMatchObject({ balance: 100, held: 0 });
});

test("progress is visible while the edit runs", async () => {
  const { account, edit } = await accepted();
  const run = await claimed(account, edit);
  const news = {
    phase: "edit",
    step: 3,
    steps: 30,
    evaluations: 66,
    planned: 120,
    etaMs: 900,
    preview: null,
  } as const;
  await account.report(run, news);
  await account.report(run, null);
  expect((await account.edit(edit))?.progress).toEqual(news);
  await account.fail(run, FAULT);
  expect((await account.edit(edit))?.progress).toBeNull();
});

test("an edit whose lease lapsed is sent again; reports renew the lease", async () => {
  const { account, id, edit } = await accepted();
  const run = await claimed(account, edit);
  later(LEASE_MS - 1);
  await account.report(run, null);
  later(2);
  await ring(id);
  expect(await account.edit(edit)).toMatchObject({ status: "running" });
  later(LEASE_MS);
  await ring(id);
  expect(await account.edit(edit)).toMatchObject({ status: "queued" });
  expect(queue.sent).toHaveLength(2);
});

test("three runs that died fail the edit and release its hold", async () => {
  const { account, id, edit } = await accepted();
  for (let attempt = 1; attempt <= 3; attempt++) {
    await claimed(account, edit);
    later(LEASE_MS + 1);
    await ring(id);
  }
  expect(await account.edit(edit)).toMatchObject({ status: "failed", error: { code: "gpu_unavailable" } });
  expect(await account.summary()).toMatchObject({ balance: 100, held: 0 });
  expect(queue.sent).toHaveLength(3);
});

test("a message that the queue lost is sent again, less and less often, until the edit is claimed", async () => {
  const { account, id, edit } = await accepted();
  for (const [wait, sent] of [
    [9_999, 1],
    [1, 2],
    [19_999, 2],
    [1, 3],
  ] as const) {
    later(wait);
    await ring(id);
    expect(queue.sent).toHaveLength(sent);
  }
  await claimed(account, edit);
  later(LEASE_MS / 2);
  await ring(id);
  expect(queue.sent).toHaveLength(3);
});

test("if the queue refuses a message, the alarm sends it again", async () => {
  queue.refuses = true;
  const { account, id, edit } = await accepted();
  later(10_000);
  await ring(id);
  expect(await account.edit(edit)).toMatchObject({ status: "queued" });
  queue.refuses = false;
  later(20_000);
  await ring(id);
  expect(queue.sent).toEqual([{ account: id, edit }]);
});

test("a deadline ends queued and running edits", async () => {
  const queued = await accepted({ deadline_ms: 1_000 });
  const running = await accepted({ deadline_ms: 1_000 });
  const run = await claimed(running.account, running.edit);
  later(1_000);
  expect(await running.account.report(run, null)).toEqual({ proceed: false });
  for (const { account, id, edit } of [queued, running]) {
    await ring(id);
    expect(await account.edit(edit)).toMatchObject({
      status: "failed",
      error: { code: "deadline_exceeded" },
    });
    expect(await account.summary()).toMatchObject({ balance: 100, held: 0 });
  }
});

/** Step 48 of 60, with a preview. */
const NEARLY_DONE = {
  phase: "edit",
  step: 48,
  steps: 60,
  evaluations: 96,
  planned: 120,
  etaMs: 1,
  preview: "p",
} as const;

test("a run that its deadline ends pays for what was evaluated once a preview was shown", async () => {
  const { account, id, edit } = await accepted({ deadline_ms: 1_000 });
  const run = await claimed(account, edit);
  await account.report(run, NEARLY_DONE);
  later(1_000);
  await ring(id);
  expect(await account.edit(edit)).toMatchObject({ status: "failed", captured: 8 });
  expect(await account.summary()).toMatchObject({ balance: 92, held: 0 });
});

test("a claim past the deadline fails the edit without waiting for the alarm", async () => {
  const { account, edit } = await accepted({ deadline_ms: 1_000 });
  later(1_000);
  expect(await account.claim(edit)).toEqual({ outcome: "settled" });
  expect(await account.edit(edit)).toMatchObject({ status: "failed", error: { code: "deadline_exceeded" } });
});

test("the dead-letter queue settles waiting edits, not running ones", async () => {
  const waiting = await accepted();
  await waiting.account.settleDead(waiting.edit);
  expect(await waiting.account.edit(waiting.edit)).toMatchObject({ status: "failed" });
  expect(await waiting.account.summary()).toMatchObject({ balance: 100, held: 0 });
  const { account, edit } = await accepted();
  const run = await claimed(account, edit);
  await account.settleDead(edit);
  expect(await account.succeed(run, RESULT)).toBe(true);
});

test("a waiting caller gets the end of the edit, or its state after a while", async () => {
  const { account, edit } = await accepted();
  expect(await account.waitForEdit(edit, 20)).toMatchObject({ status: "queued" });
  const waiting = account.waitForEdit(edit, 30_000);
  await account.cancelEdit(edit);
  expect(await waiting).toMatchObject({ status: "canceled" });
  expect(await account.waitForEdit(edit, 30_000)).toMatchObject({ status: "canceled" });
});

test("a cancelled run pays for what was evaluated, and the rest is returned", async () => {
  const { account, edit } = await accepted();
  const run = await claimed(account, edit);
  expect(await account.report(run, NEARLY_DONE)).toEqual({ proceed: true });
  later(5_000);
  expect(await account.cancelEdit(edit)).toMatchObject({ status: "canceled", captured: 8 });
  expect(await account.summary()).toMatchObject({ balance: 92, held: 0 });
  const day = new Date().toISOString().slice(0, 10);
  expect(await account.usage(day, day)).toMatchObject([{ succeeded: 0, credits: 8, gpu_seconds: 5 }]);
  expect(await account.report(run, null)).toEqual({ proceed: false });
});
