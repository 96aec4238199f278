import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { newEdit } from "../../test/edits.ts";
import { type Behaviour, FakeGpu } from "../../test/fake-gpu.ts";
import { settingsOf } from "../env.ts";
import { planTask } from "../queue/task.ts";
import {
  GpuBusyError,
  GpuRefusedError,
  GpuUnavailableError,
  gpuHealth,
  locateMask,
  type Patience,
  runEdit,
} from "./client.ts";

/** A time limit for what never comes; elsewhere a slow machine gets more time. */
const SHORT = { answerMs: 1_000, silenceMs: 1_000, newsMs: 300 };

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => gpu[Symbol.dispose]());

const never = () => new AbortController().signal;

async function task() {
  const account = newId("acct");
  const { id, input } = await newEdit(account);
  const provenance = { c2pa: true, watermark: true };
  const source = { id, account, input, provenance, locatedBefore: false, deadlineAt: Date.now() + 60_000 };
  return (await planTask(env, { edit: id, attempt: 1 }, source)).task;
}

async function run(behaviour: Behaviour, patience?: Patience): Promise<string[]> {
  gpu.next(behaviour);
  const names: string[] = [];
  for await (const { event } of runEdit(settingsOf(env), await task(), never(), patience)) names.push(event);
  return names;
}

test("events arrive in order, up to the last", async () => {
  const events = await run({ kind: "succeed" });
  expect(events).toEqual(["started", "progress", "progress", "progress", "mask", "succeeded"]);
});

test("a run that the GPU function dropped is reported as dropped", async () => {
  expect(await run({ kind: "drop" })).toEqual(["started", "canceled"]);
});

test("a mask task ends with its mask", async () => {
  const { locate, mask_options, photo, put, request_id, tenant } = await task();
  const { mask, located } = put;
  const maskTask = { request_id, attempt: 1, tenant, photo, locate, mask_options, put: { mask, located } };
  const event = await locateMask(settingsOf(env), maskTask, never());
  expect(event).toMatchObject({ event: "mask", source: "pasl", mask: { key: mask.key } });
  gpu.next({ kind: "drop" });
  await expect(locateMask(settingsOf(env), maskTask, never())).rejects.toThrow(GpuUnavailableError);
});

test.each([
  ["7", 7],
  ["0", 1],
  ["86400", 60],
  ["soon", 5],
  [new Date(Date.now() + 1_000_000).toUTCString(), 60],
])("busy until %s is %i seconds", async (retryAfter, retryAfterSeconds) => {
  const error = await run({ kind: "busy", retryAfter }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(GpuBusyError);
  expect(error).toMatchObject({ retryAfterSeconds });
});

test("a failed event is a refusal with its code", async () => {
  const failure = { code: "image_rejected", detail: "not a photo", retryable: false } as const;
  const error = await run({ kind: "fail", ...failure }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(GpuRefusedError);
  expect(error).toMatchObject(failure);
});

test.each([400, 401, 404, 422])("%i is a refusal whose reason stays inside", async (status) => {
  const error = await run({ kind: "refuse", status }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(GpuRefusedError);
  expect(error).toMatchObject({
    code: "internal",
    retryable: false,
    detail: "the GPU function did not take the task",
  });
});

const BROKEN: Behaviour[] = [
  { kind: "refuse", status: 500 },
  { kind: "refuse", status: 204 },
  { kind: "unreachable" },
  { kind: "interrupt" },
  { kind: "cut" },
  { kind: "stall" },
  { kind: "garbage" },
];

test.each(BROKEN)("$kind $status: the GPU function is not available", async (behaviour) => {
  await expect(run(behaviour, SHORT)).rejects.toThrow(GpuUnavailableError);
});

test("a run whose machine is taken away is distinguished from a cut connection", async () => {
  await expect(run({ kind: "interrupt" })).rejects.toThrow("the GPU function was interrupted");
  await expect(run({ kind: "cut" })).rejects.toThrow(GpuUnavailableError);
});

test("until an answer begins, the edit is loading; if none comes, the GPU counts as busy", async () => {
  gpu.next({ kind: "mute" });
  const waits: number[] = [];
  const waiting = (async () => {
    for await (const event of runEdit(settingsOf(env), await task(), never(), SHORT))
      if (event.event === "loading") waits.push(event.elapsed_ms);
  })();
  await expect(waiting).rejects.toThrow(GpuBusyError);
  expect(waits.length).toBeGreaterThanOrEqual(3);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
});

test("a silent run is dropped", async () => {
  await run({ kind: "stall" }, SHORT).catch(() => undefined);
  await run({ kind: "mute" }, SHORT).catch(() => undefined);
  expect(gpu.abandoned).toBe(2);
});

test("aborting drops the request and throws the signal's reason", async () => {
  const stop = new AbortController();
  gpu.next({ kind: "succeed", hold: true });
  const events = runEdit(settingsOf(env), await task(), stop.signal);
  await events.next();
  stop.abort(new RangeError("enough"));
  await expect(
    (async () => {
      for await (const _ of events);
    })(),
  ).rejects.toThrow(RangeError);
  expect(gpu.abandoned).toBe(1);
});

test("leaving the loop drops the request", async () => {
  gpu.next({ kind: "succeed", hold: true });
  for await (const _ of runEdit(settingsOf(env), await task(), never())) break;
  expect(gpu.abandoned).toBe(1);
});

test("Modal's proxy token is sent in its own headers, with the secret of the function behind the proxy", async () => {
  const settings = { GPU_URL: env.GPU_URL, MODAL_KEY: "wk", MODAL_SECRET: "ws", GPU_SECRET: env.GPU_SECRET };
  const requests: Request[] = [];
  const fake = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    requests.push(new Request(input, init));
    return new Response(null, { status: 500 });
  };
  expect(await gpuHealth(settings)).toBeNull();
  globalThis.fetch = fake;
  expect(requests[0]?.headers.get("Modal-Key")).toBe("wk");
  expect(requests[0]?.headers.get("Modal-Secret")).toBe("ws");
  expect(requests[0]?.headers.get("Authorization")).toBe(`Bearer ${env.GPU_SECRET}`);
});

test("health is what the GPU function reports, or null", async () => {
  expect(await gpuHealth(settingsOf(env))).toMatchObject({ status: "ready" });
  expect(await gpuHealth({ ...settingsOf(env), GPU_SECRET: "wrong" })).toBeNull();
});
