import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Redis } from "@upstash/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGateway } from "./gateway.ts";
import { MOCK, type RunningStore, startStore } from "./server.ts";

const token = "a-token-for-this-test";

// The real clients against a running gateway, on a real server (if there is one) and on the in-memory fallback.
describe.each([undefined, MOCK])("gateway on %s (undefined: the server of this machine)", (choice) => {
  const folder = mkdtempSync(join(tmpdir(), "flux-gateway-"));
  let store: RunningStore;
  let server: ReturnType<typeof serve>;
  let url: string;
  let redis: Redis;

  beforeAll(async () => {
    store = await startStore({ folder, choice });
    await new Promise<void>((resolve) => {
      const { fetch } = createGateway({ store: store.client, token });
      server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
        url = `http://127.0.0.1:${port}`;
        resolve();
      });
    });
    redis = new Redis({ url, token, retry: false });
  });

  afterAll(async () => {
    server.close();
    await store.stop();
    rmSync(folder, { recursive: true });
  });

  it("stores, expires and counts as the SDK expects", async () => {
    expect(await redis.set("greeting", { text: "grüße 👋" }, { ex: 60 })).toBe("OK");
    expect(await redis.get("greeting")).toEqual({ text: "grüße 👋" });
    expect(await redis.ttl("greeting")).toBeGreaterThan(50);
    expect(await redis.get("absent")).toBeNull();
    expect(await redis.incr("count")).toBe(1);
    expect(await redis.set("ok", "OK")).toBe("OK");
    expect(await redis.get("ok")).toBe("OK");
    await redis.hset("hash", { a: 1, b: "two" });
    expect(await redis.hgetall("hash")).toEqual({ a: 1, b: "two" });
    expect(await redis.mget("absent", "ok")).toEqual([null, "OK"]);
    expect(await redis.ping()).toBe("PONG");
  });

  it("runs pipelines and transactions", async () => {
    const pipeline = redis.pipeline().set("p", 1).incr("p").lpush("p", "x");
    const replies = await pipeline.exec({ keepErrors: true });
    expect(replies[1]).toEqual({ result: 2 });
    expect(replies[2]?.error).toMatch(/WRONGTYPE|does not contain/);
    expect(await redis.multi().set("m", "a").get("m").exec()).toEqual(["OK", "a"]);
  });
});

describe("gateway: security and bad input", async () => {
  const store = await startStore({ folder: tmpdir(), choice: MOCK });
  const gateway = createGateway({ store: store.client, token });
  const post = (path: string, body: string, authorization = `Bearer ${token}`) =>
    gateway.request(path, { method: "POST", body, headers: { authorization } });

  it.each(["", "Bearer", "Bearer wrong", `Basic ${token}`, `Bearer ${token}x`])(
    "refuses %j",
    async (given) => {
      const answer = await post("/", '["PING"]', given);
      expect(answer.status).toBe(given.startsWith("Bearer ") ? 401 : answer.status);
      expect([400, 401]).toContain(answer.status);
      expect(await answer.json()).toEqual({ error: expect.stringContaining("Unauthorized") });
    },
  );

  it.each([
    ["/", "not json"],
    ["/", "[]"],
    ["/", '{"set":1}'],
    ["/", '["get",["nested"]]'],
    ["/pipeline", '["get","a"]'],
    ["/pipeline", "[]"],
    ["/multi-exec", '[["get"],"x"]'],
  ])("answers 400 at %s to %s", async (path, body) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/^ERR /) });
  });

  it.each(["SUBSCRIBE", "SHUTDOWN", "CONFIG", "QUIT", "constructor", "disconnect", "__proto__"])(
    "refuses the command %s",
    async (name) => {
      expect((await post("/", JSON.stringify([name, "x"]))).status).toBe(400);
      expect((await post("/multi-exec", JSON.stringify([[name, "x"]]))).status).toBe(400);
    },
  );

  it("refuses a body above its limit", async () => {
    const answer = await post("/", JSON.stringify(["SET", "a", "x".repeat(1_000_001)]));
    expect(answer.status).toBe(413);
  });

  it("answers in plain strings unless base64 is requested", async () => {
    await post("/", '["SET","plain","text"]');
    expect(await (await post("/", '["GET","plain"]')).json()).toEqual({ result: "text" });
  });
});
