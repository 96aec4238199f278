import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Edit, editSchema } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { answer, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { follow } from "../../../test/event-stream.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => gpu[Symbol.dispose]());

async function accepted(key: string, headers = {}) {
  const body = { image: await uploaded(key), prompt: "a woman wearing glasses" };
  const response = await call("/v1/edits", { key, body, headers });
  return editSchema.parse(await response.json());
}

const cancel = (id: string, key?: string, headers = {}) =>
  call(`/v1/edits/${id}/cancel`, { method: "POST", headers, ...(key !== undefined && { key }) });

const until = (id: string, key: string, status: string) =>
  vi.waitFor(
    async () => expect(await answer<Edit>(call(`/v1/edits/${id}`, { key }), 200)).toMatchObject({ status }),
    { timeout: 5_000, interval: 20 },
  );

test("a run is dropped and its hold released; a second cancel gives the same answer", async () => {
  gpu.next({ kind: "succeed", hold: true });
  const { key } = await customer();
  const { id } = await accepted(key);
  await until(id, key, "running");
  const canceled = editSchema.parse(await answer(cancel(id, key), 200));
  expect(canceled).toMatchObject({ id, status: "canceled", image: null, error: null, usage: { credits: 0 } });
  expect(await answer(cancel(id, key), 200)).toEqual(canceled);
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 100, held: 0 });
  await vi.waitFor(() => expect(gpu.abandoned).toBe(1), { timeout: 5_000, interval: 20 });
});

test("a run that has shown a preview is charged, whether it is canceled or erased", async () => {
  for (const end of ["cancel", "erase"] as const) {
    gpu.next({ kind: "succeed", hold: true });
    const { key } = await customer();
    const { id } = await accepted(key);
    {
      await using stream = await follow(id, key);
      await stream.until("preview");
    }
    if (end === "cancel") expect(await answer(cancel(id, key), 200)).toMatchObject({ usage: { credits: 1 } });
    else await call(`/v1/edits/${id}`, { key, method: "DELETE" });
    expect(await answer(call("/v1/account", { key }), 200), end).toMatchObject({ balance: 99, held: 0 });
  }
});

test("canceling an edit that has ended otherwise is a conflict and changes nothing", async () => {
  gpu.next({ kind: "succeed" }, { kind: "refuse", status: 401 });
  const { key } = await customer();
  for (const status of ["succeeded", "failed"]) {
    const { id } = await accepted(key, { Prefer: "wait=10" });
    const { detail } = await refusal(cancel(id, key), 409, "conflict");
    expect(detail).toContain(status);
    await until(id, key, status);
  }
});

test("one Idempotency-Key is one cancel of one edit", async () => {
  gpu.next({ kind: "succeed", hold: true }, { kind: "succeed", hold: true });
  const { key } = await customer();
  const [first, second] = [await accepted(key), await accepted(key)];
  const headers = { "Idempotency-Key": "cancel-1" };
  expect((await cancel(first.id, key, headers)).headers.get("Idempotent-Replayed")).toBeNull();
  const replay = await cancel(first.id, key, headers);
  expect(replay.headers.get("Idempotent-Replayed")).toBe("true");
  expect(await answer(replay, 200)).toMatchObject({ id: first.id, status: "canceled" });
  await refusal(cancel(second.id, key, headers), 409, "idempotency_mismatch");
  gpu.release();
  await until(second.id, key, "succeeded");
});

test("an edit can be canceled only by its account", async () => {
  gpu.next({ kind: "succeed", hold: true });
  const [mine, other, images] = [await customer(), await customer(), await customer({ scopes: ["images"] })];
  const { id } = await accepted(mine.key);
  await refusal(cancel(id, other.key), 404, "not_found");
  for (const unknown of [newId("edit"), "edit_1", id.toUpperCase()])
    await refusal(cancel(unknown, mine.key), 404, "not_found");
  await refusal(cancel(id), 401, "unauthorized");
  await refusal(cancel(id, images.key), 403, "forbidden");
  await refusal(cancel(id, mine.key, { "Idempotency-Key": "x".repeat(256) }), 422, "invalid_request");
  await refusal(call(`/v1/edits/${id}/cancel`, { key: mine.key }), 405, "method_not_allowed");
  await until(id, mine.key, "running");
  gpu.release();
  await until(id, mine.key, "succeeded");
});
