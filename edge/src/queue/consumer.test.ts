import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { editTaskSchema } from "../../../shared/gpu.ts";
import { newId } from "../../../shared/ids.ts";
import { newEdit, openAccount, storedPhoto } from "../../test/edits.ts";
import { type Behaviour, FakeGpu } from "../../test/fake-gpu.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import type { EditMessage } from "../account/contract/edits.ts";
import type { EditNews } from "../account/contract/reading.ts";
import { consumeEdits } from "./consumer.ts";

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

async function accepted(given: Parameters<typeof newEdit>[1] = {}) {
  const { id, account } = await openAccount();
  const edit = await newEdit(id, given);
  await account.addImage(storedPhoto(edit));
  await account.createEdit(edit);
  return { id, account, edit: edit.id, input: edit.input };
}

/** Passes a message to the consumer. Returns "ack", or the seconds until it is delivered again. */
async function consume(message: EditMessage, name = "flux-sculptor-edits") {
  const batch = createMessageBatch<EditMessage>(name, [
    { id: "m", timestamp: Date.now(), attempts: 1, body: message },
  ]);
  const [delivered] = batch.messages;
  if (delivered === undefined) throw new Error("the batch is empty");
  // The batch of the test library drops delays.
  const retry = vi.spyOn(delivered, "retry");
  const ctx = createExecutionContext();
  await consumeEdits(batch, env);
  const { explicitAcks } = await getQueueResult(batch, ctx);
  return explicitAcks.length === 1 ? "ack" : retry.mock.lastCall?.[0]?.delaySeconds;
}

/** Consumes a message to the end of its run. Returns "over", or the seconds until the edit is retried. */
async function deliver(message: EditMessage) {
  queue.delaySeconds = undefined;
  expect(await consume(message)).toBe("ack");
  await runInDurableObject(env.RUNNERS.getByName(message.edit), (runner) => runner.alarm?.());
  return queue.delaySeconds ?? "over";
}

async function meeting(behaviour: Behaviour, given: Parameters<typeof newEdit>[1] = {}) {
  const { id, account, edit } = await accepted(given);
  gpu.next(behaviour);
  const answer = await deliver({ account: id, edit });
  return { id, account, edit, answer, row: await account.edit(edit), summary: await account.summary() };
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 20 });

test("an account's provenance choice reaches the GPU function", async () => {
  const { id, account, edit } = await accepted();
  expect(await account.setProvenance({ c2pa: true, watermark: false })).toBe(true);
  await deliver({ account: id, edit });
  const again = await accepted();
  await deliver({ account: again.id, edit: again.edit });
  expect(gpu.tasks).toMatchObject([
    { provenance: { c2pa: true, watermark: false } },
    { provenance: { c2pa: true, watermark: true } },
  ]);
});

test("an edit runs, its objects are in storage, and its credits are captured", async () => {
  const { id, edit, answer, row, summary } = await meeting({ kind: "succeed" });
  expect(answer).toBe("over");
  expect(row).toMatchObject({
    status: "succeeded",
    attempt: 1,
    result: { key: `${id}/edits/${edit}/1/result`, contentType: "image/png", width: 1, height: 1 },
    mask: { key: `${id}/edits/${edit}/1/mask`, coverage: 0.25, source: "pasl" },
    regions: [{ prompt: "a person with a beard", coverage: 0.25 }],
    timings: { mask_ms: 1, inversion_ms: 2, edit_ms: 3, evaluations: 120 },
    cache: { mask: false, inversion: false },
    preservation: { psnr_outside_db: 41.5, ssim_outside: 0.98 },
  });
  expect(summary).toMatchObject({ balance: 90, held: 0 });
  expect(await env.IMAGES.head(row?.result?.key ?? "")).not.toBeNull();
});

test("the second edit of a photo takes its mask from the cache, and locates it again once storage has lost it", async () => {
  const { id, account, edit, input } = await accepted();
  await deliver({ account: id, edit });
  const again = async () => {
    const next = await newEdit(id, { image: input.image });
    await account.createEdit(next);
    await deliver({ account: id, edit: next.id });
    return account.edit(next.id);
  };
  expect(await again()).toMatchObject({
    status: "succeeded",
    mask: { source: "cache" },
    cache: { mask: true },
    regions: [{ prompt: "a person with a beard", coverage: 0.25 }],
  });
  const { objects } = await env.IMAGES.list({ prefix: `${id}/masks/` });
  await env.IMAGES.delete(objects.map(({ key }) => key));
  expect(await again()).toMatchObject({ status: "succeeded", mask: { source: "pasl" } });
});

test("a user's own mask is sent with the task and is not cached", async () => {
  const { id, account } = await openAccount();
  const { input } = await newEdit(id);
  const edit = await newEdit(id, { mask: input.image });
  await account.createEdit(edit);
  await deliver({ account: id, edit: edit.id });
  expect(await account.edit(edit.id)).toMatchObject({ status: "succeeded", mask: { source: "user" } });
  expect((await env.IMAGES.list({ prefix: `${id}/masks/` })).objects).toEqual([]);
});

test("the task names tenant, attempt and deadline, and nothing of another account", async () => {
  const [one, other] = [await accepted({ deadline_ms: 60_000 }), await accepted()];
  await deliver({ account: one.id, edit: one.edit });
  await deliver({ account: other.id, edit: other.edit });
  const [task, foreign] = gpu.tasks.map((given) => editTaskSchema.parse(given));
  expect(task).toMatchObject({ request_id: one.edit, attempt: 1, prompt: one.input.prompt });
  expect(task?.deadline_ms).toBeGreaterThan(50_000);
  expect(task?.deadline_ms).toBeLessThanOrEqual(60_000);
  expect(task?.tenant).not.toBe(foreign?.tenant);
  for (const { key } of Object.values(task?.put ?? {}).flat())
    expect(key.startsWith(`${one.id}/`)).toBe(true);
});

test("busy is no attempt: the edit waits and runs later", async () => {
  const { id, account, edit } = await accepted();
  gpu.next({ kind: "busy", retryAfter: "1" });
  expect(await deliver({ account: id, edit })).toBe(1);
  expect(await account.edit(edit)).toMatchObject({ status: "queued" });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await deliver({ account: id, edit })).toBe("over");
  expect(await account.edit(edit)).toMatchObject({ status: "succeeded" });
});

// Modal holds a request while a container starts, and redirects it after 150 s: the worker has given up before that
test("a cold start of six minutes uses up none of the three attempts", async () => {
  const { id, account, edit } = await accepted({ deadline_ms: 600_000 });
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  gpu.next({ kind: "mute" }, { kind: "mute" }, { kind: "mute" });
  for (let asked = 1; asked <= 3; asked++) {
    const delivery = deliver({ account: id, edit });
    await eventually(async () => expect(gpu.tasks).toHaveLength(asked));
    vi.setSystemTime(Date.now() + 120_000);
    expect(await delivery).toBeLessThan(5);
    expect(await account.edit(edit)).toMatchObject({ status: "queued" });
    expect(gpu.abandoned).toBe(asked);
    vi.setSystemTime(Date.now() + 5_000);
  }
  expect(await deliver({ account: id, edit })).toBe("over");
  expect(await account.edit(edit)).toMatchObject({ status: "succeeded" });
});

test("the longer a GPU is busy, the less often it is asked", async () => {
  const { id, edit } = await accepted();
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const answers: unknown[] = [];
  for (let asked = 1; asked <= 12; asked++) {
    gpu.next({ kind: "busy", retryAfter: "2" });
    answers.push(await deliver({ account: id, edit }));
    vi.setSystemTime(Date.now() + 10_000);
  }
  expect(answers).toEqual([2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
});

test("while the model loads the edit reports it, and has not started", async () => {
  const { id, account, edit } = await accepted();
  gpu.next({ kind: "load" });
  const delivery = deliver({ account: id, edit });
  await eventually(async () => expect((await account.edit(edit))?.progress).toMatchObject({ phase: "load" }));
  const { happenings } = (await account.editNews(edit, "key_1", 0, 0)) as EditNews;
  const kinds = happenings.map(({ kind }) => kind);
  expect(kinds).toContain("progress");
  expect(kinds).not.toContain("started");
  gpu.release();
  expect(await delivery).toBe("over");
  expect(await account.edit(edit)).toMatchObject({ status: "succeeded", attempt: 1 });
});

test("an edit that crashes its GPU every time stops after three attempts and costs nothing", async () => {
  const { id, account, edit } = await accepted();
  gpu.next({ kind: "cut" }, { kind: "cut" }, { kind: "cut" });
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const answers: unknown[] = [];
  for (let attempt = 1; attempt <= 3; attempt++) {
    answers.push(await deliver({ account: id, edit }));
    vi.setSystemTime(Date.now() + 25_000);
  }
  expect(answers).toEqual([5, 20, "over"]);
  expect(await account.edit(edit)).toMatchObject({
    status: "failed",
    attempt: 3,
    error: { code: "gpu_unavailable" },
  });
  expect(await account.summary()).toMatchObject({ balance: 100, held: 0 });
  expect(gpu.tasks).toHaveLength(3);
});

const FAULTS: Behaviour[] = [
  { kind: "unreachable" },
  { kind: "cut" },
  { kind: "interrupt" },
  { kind: "garbage" },
  { kind: "drop" },
  { kind: "refuse", status: 500 },
  { kind: "lie", about: "key" },
  { kind: "lie", about: "bytes" },
  { kind: "lie", about: "object" },
  { kind: "fail", code: "internal", detail: "out of memory", retryable: true },
];

test.each(FAULTS)("$kind $about: another attempt follows", async (behaviour) => {
  const { answer, row, summary } = await meeting(behaviour);
  expect(answer).toBe(5);
  expect(row).toMatchObject({ status: "queued", attempt: 1, result: null });
  expect(summary).toMatchObject({ balance: 90, held: 10 });
});

const REFUSALS: [Behaviour, string][] = [
  [{ kind: "fail", code: "image_rejected", detail: "not a photo", retryable: false }, "image_rejected"],
  [{ kind: "refuse", status: 401 }, "internal"],
];

test.each(REFUSALS)("%j is final: %s", async (behaviour, code) => {
  const { answer, row, summary } = await meeting(behaviour);
  expect(answer).toBe("over");
  expect(row).toMatchObject({ status: "failed", error: { code } });
  expect(summary).toMatchObject({ balance: 100, held: 0 });
});

test("a deadline ends the run", async () => {
  const { answer, row, summary } = await meeting({ kind: "stall" }, { deadline_ms: 1_000 });
  expect(answer).toBe("over");
  expect(row).toMatchObject({ status: "failed", error: { code: "deadline_exceeded" } });
  expect(summary).toMatchObject({ balance: 100, held: 0 });
  expect(gpu.abandoned).toBe(1);
});

test("canceling drops the run, and its output does not count", async () => {
  const { id, account, edit } = await accepted();
  gpu.next({ kind: "succeed", hold: true });
  const delivery = deliver({ account: id, edit });
  await eventually(async () => expect((await account.edit(edit))?.progress).toMatchObject({ phase: "edit" }));
  await account.cancelEdit(edit);
  expect(await delivery).toBe("over");
  const row = await account.edit(edit);
  expect(row).toMatchObject({ status: "canceled", result: null });
  // what was evaluated by then is charged
  expect(row?.captured).toBeGreaterThan(0);
  expect(await account.summary()).toMatchObject({ balance: 100 - (row?.captured ?? 0), held: 0 });
  expect(gpu.abandoned).toBe(1);
});

test("a message delivered twice makes one run", async () => {
  const { id, account, edit } = await accepted();
  gpu.next({ kind: "succeed", hold: true });
  const first = deliver({ account: id, edit });
  await eventually(async () => expect(await account.edit(edit)).toMatchObject({ status: "running" }));
  expect(await consume({ account: id, edit })).toBe("ack");
  gpu.release();
  expect(await first).toBe("over");
  expect(await deliver({ account: id, edit })).toBe("over");
  expect(await account.edit(edit)).toMatchObject({ status: "succeeded", attempt: 1 });
  expect(gpu.tasks).toHaveLength(1);
});

test("a message for an unknown edit is acknowledged", async () => {
  const { id } = await openAccount();
  for (const account of [id, newId("acct")]) {
    expect(await deliver({ account, edit: newId("edit") })).toBe("over");
  }
});

test("a message whose account is unreachable is retried", async () => {
  const { id, edit } = await accepted();
  vi.spyOn(Object.getPrototypeOf(env.ACCOUNTS), "getByName").mockImplementation(() => {
    throw new Error("out of reach");
  });
  expect(await consume({ account: id, edit })).toBe(5);
  expect(await consume({ account: id, edit }, "flux-sculptor-edits-dead")).toBe(5);
});

test("a dead letter fails its edit", async () => {
  const { id, account, edit } = await accepted();
  expect(await consume({ account: id, edit }, "flux-sculptor-edits-dead")).toBe("ack");
  expect(await account.edit(edit)).toMatchObject({ status: "failed", error: { code: "gpu_unavailable" } });
  expect(await account.summary()).toMatchObject({ balance: 100, held: 0 });
});

test("a run logs its outcome, and neither prompt nor key", async () => {
  const log = vi.spyOn(console, "log");
  const { edit } = await meeting({ kind: "succeed" });
  const lines = log.mock.calls.map(([line]) => String(line));
  const run = lines.map((line) => JSON.parse(line)).find(({ event }) => event === "run");
  expect(run).toEqual({ event: "run", edit, attempt: 1, outcome: "succeeded", ms: expect.any(Number) });
  expect(lines.join("\n")).not.toMatch(/beard|secret/);
});

test("through the queue itself: accepted, run and captured", async () => {
  queue[Symbol.dispose]();
  const { account, edit } = await accepted();
  expect(await account.waitForEdit(edit, 10_000)).toMatchObject({ status: "succeeded" });
});
