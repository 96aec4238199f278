import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ValueStore } from "../method/value-store.ts";
import { InversionCache, type InversionInputs, inversionKey, type KeptInversion } from "./inversion-cache.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const PART = { left: 3, top: 5, width: 512, height: 512 };

const INPUTS: InversionInputs = {
  scope: "tenant photo",
  window: { part: PART, size: { width: 512, height: 512 } },
  sourcePrompt: "a person.",
  guidance: 1,
  trueGuidance: false,
  valueBlocks: 2,
  path: "cache",
  solver: "rf-solver-2",
  timesteps: [0, 0.5, 1],
};

/** An inversion of a given size in bytes. */
function inversion(bytes: number): KeptInversion {
  const values = new ValueStore();
  values.set({ interval: 1, half: "mid" }, [new Float32Array(bytes / 16)]);
  const condition = { txt: new Float32Array(), vec: new Float32Array(), guidance: 1 };
  const latents = [new Float32Array(bytes / 16)];
  const path = { timesteps: [0, 1], latents, mids: [], values, condition };
  const photo = { width: 1, height: 1, rgb: new Uint8Array(bytes / 4), alpha: null };
  const square = { left: 0, top: 0, width: 1, height: 1 };
  const seen = { photo, faces: [], drawn: null, square, image: new Float32Array() };
  return { path, reconstructed: new Uint8Array(bytes / 4), seen };
}

test("the least recently used is evicted first, and an inversion larger than the cache is not kept", () => {
  const cache = new InversionCache({ bytes: 2_000, ageMs: 1_000 });
  const [a, b, c] = [inversion(800), inversion(800), inversion(800)];
  cache.set("a", a);
  cache.set("b", b);
  expect(cache.get("a")).toBe(a);
  cache.set("c", c);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([a, undefined, c]);
  cache.set("d", inversion(2_400));
  expect([cache.get("a"), cache.get("d")]).toEqual([a, undefined]);
});

test("nothing outlives its maximum age, used or not", () => {
  const cache = new InversionCache({ bytes: 2_000, ageMs: 1_000 });
  cache.set("a", inversion(800));
  vi.advanceTimersByTime(900);
  expect(cache.get("a")).toBeDefined();
  vi.advanceTimersByTime(100);
  expect(cache.get("a")).toBeUndefined();
  cache.set("b", inversion(1_600));
  expect(cache.get("b")).toBeDefined();
});

test("a scope's photo is kept as long as one of its inversions, and for no other scope", () => {
  const cache = new InversionCache({ bytes: 2_000, ageMs: 1_000 });
  const [kept, other] = [inversion(800), inversion(800)];
  const keyOf = (scope: string) => inversionKey({ ...INPUTS, scope });
  cache.set(keyOf("a"), kept);
  cache.set(keyOf("b"), other);
  expect([cache.photoOf("a"), cache.photoOf("b"), cache.photoOf("c")]).toEqual([
    kept.seen,
    other.seen,
    undefined,
  ]);
  expect(cache.photoOf("a")).toBe(kept.seen);
  cache.forget("a");
  expect(cache.photoOf("a")).toBeUndefined();
  vi.advanceTimersByTime(1_000);
  expect(cache.photoOf("b")).toBeUndefined();
});

test("metrics count hits and misses, and follow what is kept", () => {
  const cache = new InversionCache({ bytes: 2_000, ageMs: 1_000 });
  cache.get("a");
  cache.set("a", inversion(800));
  cache.set("b", inversion(800));
  cache.get("a");
  cache.get("b");
  expect(cache.metrics).toEqual({ hits: 2, misses: 1, entries: 2, bytes: 1_600 });
  vi.advanceTimersByTime(1_000);
  expect(cache.metrics).toMatchObject({ entries: 0, bytes: 0 });
});

test("the key changes with everything that a kept inversion depends on", () => {
  const changes: Partial<InversionInputs>[] = [
    { scope: "other photo" },
    ...(["left", "top", "width", "height"] as const).map((edge) => ({
      window: { ...INPUTS.window, part: { ...PART, [edge]: 7 } },
    })),
    { window: { part: PART, size: { width: 512, height: 768 } } },
    { window: { part: PART, size: { width: 768, height: 512 } } },
    { sourcePrompt: "a man." },
    { guidance: 2 },
    { trueGuidance: true },
    { valueBlocks: 1 },
    { path: "paired" },
    { solver: "fireflow" },
    { timesteps: [0, 0.4, 1] },
  ];
  const keys = [INPUTS, ...changes.map((change) => ({ ...INPUTS, ...change }))].map(inversionKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(inversionKey({ ...INPUTS })).toBe(keys[0]);
});

test("a forgotten scope is erased at once, no other is, and an active run does not bring it back", () => {
  const told: number[] = [];
  const cache = new InversionCache({ bytes: 20_000, ageMs: 1_000 }, () => told.push(cache.metrics.entries));
  const keyOf = (scope: string, sourcePrompt: string) => inversionKey({ ...INPUTS, scope, sourcePrompt });
  const [first, second, other] = [keyOf("t p", "a"), keyOf("t p", "b"), keyOf("t q", "a")];
  for (const key of [first, second, other]) cache.set(key, inversion(800));
  cache.forget("t p");
  expect(cache.metrics.entries).toBe(1);
  cache.set(first, inversion(800));
  expect([cache.get(first), cache.get(second)]).toEqual([undefined, undefined]);
  expect(cache.get(other)).toBeDefined();
  expect(told.slice(0, 5)).toEqual([1, 2, 3, 2, 1]);
});

test("a photo that returns long after it was forgotten is kept again", async () => {
  vi.useRealTimers();
  const cache = new InversionCache({ bytes: 2_000, ageMs: 50 });
  const key = `${createHash("sha256").update("t p").digest("hex")}.x`;
  cache.forget("t p");
  cache.set(key, inversion(800));
  expect(cache.metrics.entries).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 80));
  cache.set(key, inversion(800));
  expect(cache.metrics.entries).toBe(1);
});
