import { expect, test, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { bindings } from "../../test/client.ts";
import type { CachedMask } from "../account/contract/images.ts";
import { settingsOf } from "../env.ts";
import { maskKey, openMaskCache } from "./cache.ts";

const settings = settingsOf(bindings);
const PHOTO = "0".repeat(64);
const options = maskOptionsSchema.parse({});

const mask: CachedMask = {
  key: "acct_1/masks/a/located",
  sha256: "1".repeat(64),
  width: 64,
  height: 80,
  coverage: 0.25,
  regions: [{ prompt: "glasses", coverage: 0.25 }],
};

test("a stored mask is found until it expires", async () => {
  const cache = openMaskCache(settings);
  const key = await maskKey(settings, newId("acct"), PHOTO, ["glasses"]);
  expect(await cache.get(key, ["glasses"])).toBeNull();
  await cache.set(key, mask, 60);
  expect(await cache.get(key, ["glasses"])).toEqual(mask);
  const expired = await maskKey(settings, newId("acct"), PHOTO, ["glasses"]);
  await cache.set(expired, mask, 0.5);
  expect(await cache.get(expired, ["glasses"])).toBeNull();
});

test("Upstash holds no prompt; regions come back in the requested order", async () => {
  const sent: string[] = [];
  const real = globalThis.fetch;
  using _spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    sent.push(String(init?.body));
    return real(input, init);
  });
  const cache = openMaskCache(settings);
  const shares = { zebra: 0.1, apple: 0.2, mango: 0.3 };
  const regions = Object.entries(shares).map(([prompt, coverage]) => ({ prompt, coverage }));
  const key = await maskKey(settings, newId("acct"), PHOTO, Object.keys(shares));
  await cache.set(key, { ...mask, regions }, 60);
  const asked = ["mango", "zebra", "apple"];
  const found = await cache.get(key, asked);
  expect(found?.regions).toEqual([
    { prompt: "mango", coverage: 0.3 },
    { prompt: "zebra", coverage: 0.1 },
    { prompt: "apple", coverage: 0.2 },
  ]);
  expect(sent.length).toBeGreaterThan(0);
  for (const word of asked) expect(sent.join()).not.toContain(word);
});

test("the key depends on tenant, photo, prompts and options, not on the prompts' order, and reveals none of them", async () => {
  const account = newId("acct");
  const keys = await Promise.all([
    maskKey(settings, account, PHOTO, ["glasses"]),
    maskKey(settings, newId("acct"), PHOTO, ["glasses"]),
    maskKey(settings, account, "2".repeat(64), ["glasses"]),
    maskKey(settings, account, PHOTO, ["glasses", "beard"]),
    maskKey(settings, account, PHOTO, ["glasses"], { face: 1 }),
    maskKey(settings, account, PHOTO, ["glasses"], { face: { x: 40, y: 60 } }),
    maskKey(settings, account, PHOTO, ["glasses"], { options }),
    maskKey(settings, account, PHOTO, ["glasses"], { options: { ...options, grow: 0.1 } }),
    maskKey(settings, account, PHOTO, ["glasses"], { options: { ...options, threshold: 0.5 } }),
  ]);
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(await maskKey(settings, account, PHOTO, ["beard", "glasses"])).toBe(keys[3]);
});

test("an outage is a miss with one log line, and Upstash is soon not asked any more", async () => {
  using log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  using fetched = vi.spyOn(globalThis, "fetch");
  const cache = openMaskCache({ ...settings, UPSTASH_REDIS_REST_URL: "https://nowhere.test" });
  for (let i = 0; i < 6; i++) expect(await cache.get("a", [])).toBeNull();
  await cache.set("a", mask, 60);
  expect(log).toHaveBeenCalledTimes(1);
  expect(fetched).toHaveBeenCalledTimes(3);
});

test("an entry that is not a mask is a miss", async () => {
  const cache = openMaskCache(settings);
  await cache.set("odd", { ...mask, coverage: Number.NaN }, 60);
  expect(await cache.get("odd", [])).toBeNull();
});

test("without Upstash nothing is stored", async () => {
  const cache = openMaskCache({ ...settings, UPSTASH_REDIS_REST_URL: undefined });
  await cache.set("a", mask, 60);
  expect(await cache.get("a", [])).toBeNull();
});
