import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Edit } from "../../../../shared/edit.ts";
import { type Usage, usageSchema } from "../../../../shared/usage.ts";
import { answer, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";

const DAY_MS = 86_400_000;

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => {
  gpu[Symbol.dispose]();
  vi.useRealTimers();
});

const usageOf = async (key: string, query = ""): Promise<Usage> =>
  usageSchema.parse(await answer(call(`/v1/usage${query}`, { key }), 200));

async function ended(key: string) {
  const body = { image: await uploaded(key), prompt: "a woman wearing glasses" };
  return answer<Edit>(call("/v1/edits", { key, body, headers: { Prefer: "wait=10" } }), 200);
}

const today = () => new Date().toISOString().slice(0, 10);

test("counts edits, captured credits and GPU time on the day they ended, thirty days by default", async () => {
  gpu.next({ kind: "succeed" }, { kind: "refuse", status: 401 });
  const { key } = await customer();
  const [succeeded, failed] = [await ended(key), await ended(key)];
  expect([succeeded.status, failed.status]).toEqual(["succeeded", "failed"]);
  const { days, total, from, to } = await usageOf(key);
  // 6 ms of the successful run, as reported by the GPU, plus the time until the other one was refused
  const { gpu_seconds } = total;
  expect(gpu_seconds).toBeGreaterThan(0.006);
  expect(gpu_seconds).toBeLessThan(10);
  const used = { edits: 2, succeeded: 1, credits: succeeded.usage.credits, gpu_seconds };
  expect(total).toEqual(used);
  expect(days.at(-1)).toEqual({ date: today(), ...used });
  expect(days).toHaveLength(30);
  expect([from, to]).toEqual([days[0]?.date, today()]);
});

test("the cost of an edit stays when it is erased", async () => {
  const { key } = await customer();
  const { id } = await ended(key);
  const before = await usageOf(key);
  expect(before.total.edits).toBe(1);
  expect((await call(`/v1/edits/${id}`, { key, method: "DELETE" })).status).toBe(204);
  expect(await usageOf(key)).toEqual(before);
});

test("a range of days, in UTC, includes days without usage", async () => {
  const { key } = await customer();
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime("2026-11-23T23:59:59.900Z");
  await answer(
    call("/v1/edits", {
      key,
      body: { image: await uploaded(key), prompt: "a woman wearing glasses" },
      headers: { Prefer: "wait=10" },
    }),
    200,
  );
  vi.setSystemTime(Date.parse("2026-11-23T12:00:00Z") + 2 * DAY_MS);
  const { days } = await usageOf(key, "?from=2026-11-22&to=2026-11-24");
  expect(days.map(({ date, edits }) => [date, edits])).toEqual([
    ["2026-11-22", 0],
    ["2026-11-23", 1],
    ["2026-11-24", 0],
  ]);
  expect((await usageOf(key, "?from=2026-11-24&to=2026-11-24")).total.edits).toBe(0);
  expect(await usageOf(key, "?from=2026-11-20")).toMatchObject({ to: "2026-11-25" });
  expect(await usageOf(key, "?to=2026-11-24")).toMatchObject({ from: "2026-10-26" });
});

test("usage is available as CSV", async () => {
  const { key } = await customer();
  await ended(key);
  const get = (accept: string) =>
    call(`/v1/usage?from=${today()}&to=${today()}`, { key, headers: { Accept: accept } });
  const response = await get("text/csv");
  expect(response.headers.get("Content-Type")).toMatch(/^text\/csv/);
  expect(response.headers.get("Content-Disposition")).toContain("attachment");
  expect(await response.text()).toBe(
    `date,edits,succeeded,credits,gpu_seconds\r\n${today()},1,1,1,0.006\r\n`,
  );
  for (const accept of ["application/json", "*/*", "text/html", "application/json, text/csv;q=0.5"])
    expect((await get(accept)).headers.get("Content-Type"), accept).toBe("application/json");
});

test("[GET /v1/usage · ownership] an account sees its own usage; invalid ranges are refused with their path", async () => {
  const [mine, other] = [await customer(), await customer()];
  await ended(mine.key);
  expect((await usageOf(other.key)).total.edits).toBe(0);
  const refused = async (query: string, path: string) => {
    const { errors } = await refusal(call(`/v1/usage?${query}`, { key: mine.key }), 422, "invalid_request");
    expect(errors?.[0]?.path, query).toBe(path);
  };
  await refused("from=2026-11-31", "from");
  await refused("to=tomorrow", "to");
  await refused("from=2026-11-24T00:00:00Z", "from");
  await refused("from=", "from");
  await refused("from=2026-11-24&to=2026-11-23", "from");
  await refused("from=2025-01-01&to=2026-01-02", "from");
  expect((await usageOf(mine.key, "?from=2024-01-01&to=2024-12-31")).days).toHaveLength(366);
  await refusal(call("/v1/usage"), 401, "unauthorized");
});
