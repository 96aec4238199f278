import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InversionCache, type InversionInputs, inversionKey, type KeptInversion } from "./inversion-cache.ts";
import { ValueStore } from "./value-store.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An inversion of so many bytes. */
function inversion(bytes: number): KeptInversion {
  const values = new ValueStore();
  values.set({ interval: 1, half: "mid" }, [new Float32Array(bytes / 16)]);
  const condition = { txt: new Float32Array(), vec: new Float32Array(), guidance: 1 };
  const latents = [new Float32Array(bytes / 16)];
  const path = { timesteps: [0, 1], latents, mids: [], values, condition };
  return { path, reconstructed: new Uint8Array(bytes / 2) };
}

test("the least recently used leaves first, and what is larger than all room is not kept", () => {
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

test("nothing outlives its time, used or not", () => {
  const cache = new InversionCache({ bytes: 2_000, ageMs: 1_000 });
  cache.set("a", inversion(800));
  vi.advanceTimersByTime(900);
  expect(cache.get("a")).toBeDefined();
  vi.advanceTimersByTime(100);
  expect(cache.get("a")).toBeUndefined();
  cache.set("b", inversion(1_600));
  expect(cache.get("b")).toBeDefined();
});

test("metrics count what was found and what was not, and follow what is held", () => {
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
  const part = { left: 3, top: 5, width: 512, height: 512 };
  const base: InversionInputs = {
    scope: "tenant photo",
    window: { part, size: { width: 512, height: 512 } },
    sourcePrompt: "a person.",
    guidance: 1,
    trueGuidance: false,
    valueBlocks: 2,
    path: "cache",
    solver: "rf-solver-2",
    timesteps: [0, 0.5, 1],
  };
  const changes: Partial<InversionInputs>[] = [
    { scope: "other photo" },
    ...(["left", "top", "width", "height"] as const).map((edge) => ({
      window: { ...base.window, part: { ...part, [edge]: 7 } },
    })),
    { window: { part, size: { width: 512, height: 768 } } },
    { window: { part, size: { width: 768, height: 512 } } },
    { sourcePrompt: "a man." },
    { guidance: 2 },
    { trueGuidance: true },
    { valueBlocks: 1 },
    { path: "paired" },
    { solver: "fireflow" },
    { timesteps: [0, 0.4, 1] },
  ];
  const keys = [base, ...changes.map((change) => ({ ...base, ...change }))].map(inversionKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(inversionKey({ ...base })).toBe(keys[0]);
});
