import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type SourcePath, ValueStore } from "./detailing.ts";
import { InversionCache, type InversionInputs, inversionKey } from "./inversion-cache.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An inversion of so many bytes. */
function path(bytes: number): SourcePath {
  const values = new ValueStore();
  values.set({ interval: 1, half: "mid" }, [new Float32Array(bytes / 8)]);
  const condition = { txt: new Float32Array(), vec: new Float32Array(), guidance: 1 };
  return { timesteps: [0, 1], latents: [new Float32Array(bytes / 8)], mids: [], values, condition };
}

test("the least recently used leaves first, and what is larger than all room is not kept", () => {
  const cache = new InversionCache({ bytes: 2_000, ageMs: 1_000 });
  const [a, b, c] = [path(800), path(800), path(800)];
  cache.set("a", a);
  cache.set("b", b);
  expect(cache.get("a")).toBe(a);
  cache.set("c", c);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([a, undefined, c]);
  cache.set("d", path(2_400));
  expect([cache.get("a"), cache.get("d")]).toEqual([a, undefined]);
});

test("nothing outlives its time, used or not", () => {
  const cache = new InversionCache({ bytes: 2_000, ageMs: 1_000 });
  cache.set("a", path(800));
  vi.advanceTimersByTime(900);
  expect(cache.get("a")).toBeDefined();
  vi.advanceTimersByTime(100);
  expect(cache.get("a")).toBeUndefined();
  cache.set("b", path(1_600));
  expect(cache.get("b")).toBeDefined();
});

test("the key changes with everything that a kept inversion depends on", () => {
  const base: InversionInputs = {
    scope: "tenant photo",
    sourcePrompt: "a person.",
    guidance: 1,
    trueGuidance: false,
    valueBlocks: 2,
    path: "cache",
    timesteps: [0, 0.5, 1],
  };
  const changes: Partial<InversionInputs>[] = [
    { scope: "other photo" },
    { sourcePrompt: "a man." },
    { guidance: 2 },
    { trueGuidance: true },
    { valueBlocks: 1 },
    { path: "paired" },
    { timesteps: [0, 0.4, 1] },
  ];
  const keys = [base, ...changes.map((change) => ({ ...base, ...change }))].map(inversionKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(inversionKey({ ...base })).toBe(keys[0]);
});
