import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sign } from "../../../../shared/signing.ts";
import { newEdit, openAccount, storedPhoto } from "../../../test/edits.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { settingsOf } from "../../env.ts";
import { askedFor, loggable } from "./gpu-memory.ts";

let queue: HeldQueue;
let gpu: FakeGpu;

beforeEach(() => {
  queue = new HeldQueue();
  gpu = new FakeGpu();
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  gpu[Symbol.dispose]();
  queue[Symbol.dispose]();
});

const ring = (id: string) => runDurableObjectAlarm(env.ACCOUNTS.getByName(id));

const waiting = (id: string) =>
  runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) =>
    storage.sql
      .exec<{ subject: string }>("SELECT subject FROM due WHERE subject LIKE 'gpu-memory %'")
      .toArray()
      .map(({ subject }) => subject),
  );

/** An account with a photo and an edit of it; if `runs`, a run of it has started. */
async function scene({ runs }: { runs: boolean }) {
  const { id, account } = await openAccount();
  const edit = await newEdit(id);
  const photo = storedPhoto(edit);
  await account.addImage(photo);
  await account.createEdit(edit);
  if (runs) await account.claim(edit.id);
  return { id, account, edit: edit.id, photo };
}

const tenantOf = (id: string) => sign(settingsOf(env).signingSecrets, "tenant", id);

test("erasing a photo does not wait for the GPU function, which is then asked to forget the photo and its runs", async () => {
  const { id, account, photo } = await scene({ runs: true });
  expect(await account.eraseImage(photo.id)).toBe(true);
  expect(await waiting(id)).toHaveLength(1);
  await ring(id);
  expect(gpu.forgotten).toEqual([{ tenant: await tenantOf(id), photo_sha256: photo.sha256 }]);
  expect(await waiting(id)).toEqual([]);
});

test("an erased edit takes its run's memory with it; its photo, which stays, keeps its inversion", async () => {
  const { id, account, edit } = await scene({ runs: true });
  await account.eraseEdit(edit);
  await ring(id);
  expect(gpu.forgotten).toEqual([{ request_id: edit }]);
});

test("a photo on which only a mask was located is forgotten as well", async () => {
  const { id, account, photo } = await scene({ runs: false });
  const mask = { cacheKey: "c", object: `${id}/masks/m/x`, image: null };
  await account.expectMasks(photo.id, [mask], Date.now() + 60_000);
  await account.eraseImage(photo.id);
  await ring(id);
  expect(gpu.forgotten).toEqual([{ tenant: await tenantOf(id), photo_sha256: photo.sha256 }]);
});

test("a GPU function that never saw the photo, or whose memory has expired, is not asked", async () => {
  const unseen = await scene({ runs: false });
  await unseen.account.eraseImage(unseen.photo.id);
  expect(await waiting(unseen.id)).toEqual([]);
  const old = await scene({ runs: true });
  await old.account.cancelEdit(old.edit);
  vi.setSystemTime(Date.now() + 600_001);
  await old.account.eraseImage(old.photo.id);
  expect(await waiting(old.id)).toEqual([]);
  expect(gpu.forgotten).toEqual([]);
});

test("a GPU function that is away is asked again until nothing can be left; no log line has the photo's hash", async () => {
  gpu[Symbol.dispose]();
  using log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { id, account, photo } = await scene({ runs: true });
  await account.eraseImage(photo.id);
  await ring(id);
  expect(await waiting(id)).toHaveLength(1);
  expect(log).toHaveBeenCalled();
  expect(JSON.stringify(log.mock.calls)).not.toContain(photo.sha256);
  vi.setSystemTime(Date.now() + 700_000);
  await ring(id);
  expect(await waiting(id)).toEqual([]);
});

test("an on-demand function is asked while it is still awake from the run: asking later would start another", () => {
  const settings = settingsOf(env);
  expect(askedFor(settings)).toBe(600_000);
  expect(askedFor({ ...settings, GPU_ON_DEMAND: true })).toBe(60_000);
  expect(loggable("acct_1/images/img_1")).toBe("acct_1/images/img_1");
});
