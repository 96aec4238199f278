// The server as a process: it starts, loads and stops.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { gpuHealthSchema } from "../../../shared/gpu.ts";
import { openEngine } from "../engine/engine.ts";
import { WeightsError } from "../errors.ts";
import {
  allEvents,
  clientOf,
  editTask,
  eventsOf,
  longTask,
  one,
  PHOTO,
  SECRET,
  serve,
  settings,
  underWay,
  until,
} from "./client.fixture.ts";
import { settingsSchema } from "./settings.ts";
import { openStorage, type Storage } from "./storage.fixture.ts";
import { warmUp } from "./warm-up.ts";

const ENTRY = join(import.meta.dirname, "./main.ts");

let storage: Storage;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(() => storage.close());

function launch(environment: Record<string, string>): ChildProcess {
  const { PATH = "" } = process.env;
  return spawn(process.execPath, [ENTRY], {
    env: { PATH, PORT: "0", MODERATION_OFF: "all", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}

test("without a secret it serves only a loopback address, and only if the settings allow it", async () => {
  const child = launch({ HOST: "0.0.0.0", ALLOW_UNAUTHENTICATED: "1" });
  const [stderr, [code]] = await Promise.all([textOf(child.stderr), once(child, "exit")]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: GPU_SECRET: [^\n]+\n$/)]);
  expect(settingsSchema.safeParse({}).success).toBe(false);
  expect(settingsSchema.safeParse({ ALLOW_UNAUTHENTICATED: "1" }).success).toBe(true);
  expect(() => settings({ GPU_SECRET: "short" })).toThrow("at least 32 characters");
  expect(() => settings({ MODAL_KEY: "wk-1" })).toThrow("go together");
  expect(() => settings({ GPU_SECRET: SECRET, DEVICE: "cuda", ARITHMETIC: "int8" })).toThrow("float32");
});

test("SIGTERM during an edit stops it at the next step, reports the interruption and exits with 0", async () => {
  const child = launch({ GPU_SECRET: SECRET });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const logged: string[] = [];
  const port = await new Promise<number>((resolve) => {
    lines.on("line", (line) => {
      logged.push(line);
      const { event, port } = JSON.parse(line);
      if (event === "listening") resolve(port);
    });
  });
  const client = clientOf(port);
  const events = eventsOf(await client.send("/edit", longTask(storage)));
  await until(events, underWay);
  const exited = once(child, "exit");
  const since = performance.now();
  child.kill("SIGTERM");
  await until(events, ({ event }) => event === "interrupted");
  expect(await events.next()).toMatchObject({ done: true });
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - since).toBeLessThan(5_000);
  expect(logged.join("\n")).not.toMatch(/glasses|127\.0\.0\.1:\d+\/|a-shared-secret/);
});

describe("while the model loads", () => {
  test("health reports the phases, and an accepted task waits until the model is warm and reports that", async () => {
    const gates = { loading: Promise.withResolvers<void>(), warming: Promise.withResolvers<void>() };
    const { server, client } = await serve({
      heartbeatMs: 20,
      open: async (manifest) => {
        await gates.loading.promise;
        return openEngine(manifest);
      },
      warm: async (engine, signal) => {
        await gates.warming.promise;
        await warmUp(engine, signal);
      },
    });
    const response = await client.send("/edit", editTask(storage));
    const events = eventsOf(response);
    const passed = ["starting"];
    for (const phase of ["loading", "warming"] as const) {
      passed.push(phase);
      const reached = async () => (await client.health()).status === phase;
      await vi.waitUntil(reached, { timeout: 20_000 });
      const { busy, phases } = gpuHealthSchema.parse(await client.health());
      expect([busy, phases.map((each) => each.phase)]).toEqual([true, passed]);
      for (let seen = 0; seen < 3; seen++) await until(events, ({ event }) => event === "loading");
      gates[phase].resolve();
    }
    await until(events, ({ event }) => event === "succeeded");
    const { status, phases } = gpuHealthSchema.parse(await client.health());
    expect([status, phases.map((each) => each.phase)]).toEqual(["ready", passed]);
    for (const { ms } of phases) expect(ms).toBeGreaterThan(0);
    await server.close();
  });

  test("a model that could not be loaded is retried after a delay, and the log gives the reason", async () => {
    let tries = 0;
    const { server, client, logged } = await serve({
      againMs: 20,
      open: (manifest) =>
        tries++ < 2 ? Promise.reject(new WeightsError("the volume is away")) : openEngine(manifest),
    });
    await vi.waitUntil(async () => (await client.health()).status === "ready", { timeout: 50_000 });
    expect(tries).toBe(3);
    const lines = logged.map((line) => JSON.parse(line));
    expect(lines.filter(({ event }) => event === "load_failed")).toMatchObject([
      { fault: "WeightsError", reason: "the volume is away", again_ms: 20 },
      { fault: "WeightsError", reason: "the volume is away", again_ms: 40 },
    ]);
    for (const { time } of lines) expect(new Date(time).toISOString()).toBe(time);
    one(await allEvents(client.send("/edit", editTask(storage))), "succeeded");
    await server.close();
  });

  test("a model that does not warm up is not ready, and closing does not wait for it", async () => {
    const cold = await serve({ warm: () => Promise.reject(new WeightsError("a session does not open")) });
    const failed = one(await allEvents(cold.client.send("/edit", editTask(storage))), "failed");
    expect(failed).toMatchObject({ code: "gpu_unavailable", retryable: true });
    expect(await cold.client.health()).toMatchObject({ status: "failed" });
    await cold.server.close();

    const slow = await serve({
      warm: (_, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const reached = async () => (await slow.client.health()).status === "warming";
    await vi.waitUntil(reached, { timeout: 20_000 });
    await slow.server.close();
    expect(slow.logged.join("")).not.toContain("load_failed");
  });

  test("a model that cannot be loaded fails the waiting task and refuses the next", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { server, client } = await serve({
      open: async () => {
        await gate;
        throw new WeightsError("no weights");
      },
    });
    const accepted = await client.send("/edit", editTask(storage));
    open();
    const failed = one(await allEvents(accepted), "failed");
    expect(failed).toMatchObject({ code: "gpu_unavailable", retryable: true });
    const response = await client.send("/edit", editTask(storage));
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
    expect(await client.health()).toMatchObject({ status: "failed", busy: false });
    await server.close();
  });
});

test("an engine that crashes fails its run as retryable and is reopened", async () => {
  let opened = 0;
  const { server, client } = await serve({
    warm: async () => {},
    open: async (manifest) => {
      const engine = await openEngine(manifest);
      if (opened++ > 0) return engine;
      return {
        ...engine,
        edit: (...given) => {
          const run = engine.edit(...given);
          void engine.close();
          return run;
        },
      };
    },
  });
  const photo = storage.give("fallen", PHOTO);
  const events = await allEvents(client.send("/edit", longTask(storage, { photo })));
  expect(one(events, "failed")).toMatchObject({ code: "gpu_unavailable", retryable: true });
  await vi.waitUntil(() => opened === 2, { timeout: 20_000 });
  one(await allEvents(client.send("/edit", editTask(storage))), "succeeded");
  await server.close();
});
