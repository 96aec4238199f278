import { expect, test, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { bindings } from "../../test/client.ts";
import { settingsOf } from "../env.ts";
import { openRateLimit, underLimit } from "./rate-limit.ts";

const settings = settingsOf(bindings);

test("a window counts up to its limit, for each key and each name apart", async () => {
  const limiter = openRateLimit(settings);
  const [key, other] = [newId("key"), newId("key")];
  const counts = [];
  for (let i = 0; i < 4; i++) counts.push(await limiter?.count("requests", key, 2));
  expect(counts.map((quota) => quota?.allowed)).toEqual([true, true, false, false]);
  expect((await limiter?.count("requests", other, 2))?.allowed).toBe(true);
  expect((await limiter?.count("edits", key, 2))?.allowed).toBe(true);
});

test("an outage lets everybody pass, with one line, and is soon not asked any more", async () => {
  using log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  using fetched = vi.spyOn(globalThis, "fetch");
  const limiter = openRateLimit({ ...settings, UPSTASH_REDIS_REST_URL: "https://nowhere.test" });
  for (let i = 0; i < 6; i++) expect(await limiter?.count("requests", newId("key"), 1)).toBeNull();
  expect(log).toHaveBeenCalledTimes(1);
  expect(fetched).toHaveBeenCalledTimes(3);
});

test("a counter that does not answer holds a request up for a moment only", async () => {
  using log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  using _hanging = vi.spyOn(globalThis, "fetch").mockImplementation(
    (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      }),
  );
  const limiter = openRateLimit(settings);
  const start = Date.now();
  expect(await limiter?.count("requests", newId("key"), 1)).toBeNull();
  expect(Date.now() - start).toBeLessThan(2_000);
  expect(log).toHaveBeenCalledTimes(1);
});

test("without Upstash nobody is counted", () => {
  expect(openRateLimit({ ...settings, UPSTASH_REDIS_REST_URL: undefined })).toBeNull();
});

test("a count under one limit tells what another would have said", () => {
  const counted = { name: "edits", limit: 60, remaining: 57, resetSeconds: 9, allowed: true } as const;
  expect(underLimit(counted, 60)).toEqual(counted);
  expect(underLimit(counted, 100)).toMatchObject({ limit: 100, remaining: 97, allowed: true });
  expect(underLimit(counted, 3)).toMatchObject({ limit: 3, remaining: 0, allowed: true });
  expect(underLimit(counted, 2)).toMatchObject({ limit: 2, remaining: 0, allowed: false });
  const refused = { ...counted, remaining: 0, allowed: false };
  expect(underLimit(refused, 20)).toMatchObject({ limit: 20, allowed: false });
  expect(underLimit(refused, 100)).toBeNull();
});
