import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { GpuHealth } from "../../../shared/gpu.ts";
import { type GpuFunction, ModalError } from "./function.ts";
import { described, proxyToken, warm } from "./warm.ts";

const TOKEN = { key: "wk-1", secret: "ws-1" };
const FAST = { everyMs: 1, timeoutMs: 2_000 };

const health = (status: GpuHealth["status"]): GpuHealth => ({
  status,
  busy: false,
  model: { id: "mini", version: "1.0.0" },
  uptime_ms: 1,
  phases: [{ phase: "starting", ms: 40 }],
  inversions: null,
});

/** A function behind a proxy that accepts only its token; it gives the answers in turn, 503 for null. */
async function scene(running: readonly number[], answers: readonly (GpuHealth["status"] | null)[]) {
  const left = { running: [...running], answers: [...answers] };
  const server = createServer(({ headers }, response) => {
    if (headers["modal-key"] !== TOKEN.key || headers["modal-secret"] !== TOKEN.secret)
      return response.writeHead(401).end();
    const status = left.answers.length > 1 ? left.answers.shift() : left.answers[0];
    if (status === null || status === undefined) return response.writeHead(503).end();
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(health(status)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const changes: unknown[] = [];
  const gpu: GpuFunction = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    load: async () => ({ containers: left.running.shift() ?? running.at(-1) ?? 0, waiting: 0 }),
    lastHour: () => Promise.reject(new Error("not asked here")),
    autoscaler: async (change) => {
      changes.push(change);
      return {};
    },
  };
  const said: string[] = [];
  return { gpu, changes, said, say: (line: string) => void said.push(line) };
}

test("waits for the containers, then for the model", async () => {
  const { gpu, changes, said, say } = await scene([0, 0, 1], [null, "loading", "warming", "ready"]);
  await warm(gpu, 1, TOKEN, say, FAST);
  expect(changes).toEqual([{ minContainers: 1 }]);
  expect(said).toEqual([
    "0 of 1 containers",
    "1 of 1 containers",
    "loading, mini 1.0.0 (starting 0.0 s)",
    "warming, mini 1.0.0 (starting 0.0 s)",
    "ready, mini 1.0.0 (starting 0.0 s)",
  ]);
});

test("does not check the model's health without a token; zero keeps no container and waits for none", async () => {
  const { gpu, changes, said, say } = await scene([2], []);
  await warm(gpu, 2, null, say, FAST);
  await warm(gpu, 0, TOKEN, say, FAST);
  expect(changes).toEqual([{ minContainers: 2 }, { minContainers: 0 }]);
  expect(said.at(-2)).toContain("MODAL_KEY");
  expect(said.at(-1)).toContain("scales to zero");
});

test("fails with one line if containers do not start, the model does not load, or the proxy refuses", async () => {
  const attempt = async (running: number[], answers: GpuHealth["status"][], token = TOKEN) => {
    const { gpu, say } = await scene(running, answers);
    const refused = warm(gpu, 1, token, say, { everyMs: 1, timeoutMs: 20 });
    await expect(refused).rejects.toBeInstanceOf(ModalError);
    return refused.catch(({ message }: Error) => message);
  };
  expect(await attempt([0], [])).toContain("0 of 1 containers");
  expect(await attempt([1], ["loading"])).toContain("loading after");
  expect(await attempt([1], ["failed"])).toContain("cannot be loaded");
  expect(await attempt([1], ["ready"], { key: "wk-1", secret: "ws-2" })).toContain("refuses MODAL_KEY");
});

test("describes health in one line", () => {
  expect(described({ ...health("ready"), busy: true, phases: [] })).toBe("ready, busy, mini 1.0.0");
  expect(described({ ...health("starting"), model: null })).toBe("starting (starting 0.0 s)");
});

test("half a token counts as none", () => {
  expect(proxyToken({ MODAL_KEY: "wk-1" })).toBeNull();
  expect(proxyToken({ MODAL_KEY: "wk-1", MODAL_SECRET: "ws-1" })).toEqual(TOKEN);
});
