import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newEdit, openAccount, storedPhoto } from "../../test/edits.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import type { EditMessage } from "../account/contract/edits.ts";
import { consumeEdits } from "./consumer.ts";
import { runnerOf } from "./runner.ts";

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

async function accepted() {
  const { id, account } = await openAccount(1_000);
  const accept = async () => {
    const edit = await newEdit(id);
    await account.addImage(storedPhoto(edit));
    await account.createEdit(edit);
    return { account: id, edit: edit.id };
  };
  return { account, accept };
}

test("a consumer ends while all edits of its batch still run", async () => {
  const { account, accept } = await accepted();
  const bodies = await Promise.all(Array.from({ length: 10 }, accept));
  gpu.next(...bodies.map(() => ({ kind: "succeed", hold: true }) as const));
  const batch = createMessageBatch<EditMessage>(
    "flux-sculptor-edits",
    bodies.map((body) => ({ id: body.edit, timestamp: Date.now(), attempts: 1, body })),
  );
  const ctx = createExecutionContext();
  await consumeEdits(batch, env);
  const { explicitAcks } = await getQueueResult(batch, ctx);
  expect(explicitAcks).toHaveLength(bodies.length);
  await vi.waitFor(() => expect(gpu.tasks).toHaveLength(bodies.length), { timeout: 20_000 });
  for (const { edit } of bodies) expect(await account.edit(edit)).toMatchObject({ status: "running" });
  gpu.release();
  for (const { edit } of bodies)
    expect(await account.waitForEdit(edit, 20_000)).toMatchObject({ status: "succeeded", attempt: 1 });
});

test("a run of more than half a minute continues in the alarm, and its object leaves no storage behind", async () => {
  const later = globalThis.setTimeout;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, ms?: number) =>
    later(run, ms === 30_000 ? 1 : ms)) as typeof setTimeout);
  const { account, accept } = await accepted();
  const message = await accept();
  const stub = env.RUNNERS.getByName(message.edit);
  const [alarms, deleted] = await runInDurableObject(stub, (_, { storage }) => {
    const ofStorage: DurableObjectStorage = Object.getPrototypeOf(storage);
    return [vi.spyOn(ofStorage, "setAlarm"), vi.spyOn(ofStorage, "deleteAll")] as const;
  });
  gpu.next({ kind: "succeed", hold: true });
  await runnerOf(env, message.edit).begin(message);
  const ofRunner = () => alarms.mock.calls.filter(([at]) => Number(at) <= Date.now());
  await vi.waitFor(() => expect(ofRunner()).toHaveLength(1), { timeout: 5_000 });
  gpu.release();
  expect(await account.waitForEdit(message.edit, 10_000)).toMatchObject({ status: "succeeded" });
  await vi.waitFor(() => expect(deleted).toHaveBeenCalled());
  expect(await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())).toBeNull();
});

test("a short run sets no alarm", async () => {
  const { account, accept } = await accepted();
  const message = await accept();
  await runnerOf(env, message.edit).begin(message);
  expect(await account.waitForEdit(message.edit, 10_000)).toMatchObject({ status: "succeeded" });
  const stub = env.RUNNERS.getByName(message.edit);
  expect(await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())).toBeNull();
});
