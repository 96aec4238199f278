import fc from "fast-check";
import { expect, test } from "vitest";
import { SlidingWindows } from "./sliding-windows.ts";

const WINDOW = 60_000;

test("no window of this length lets more pass than its limit, and an unused one lets all of it pass", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 }),
      (limit, pauses) => {
        const windows = new SlidingWindows(WINDOW);
        const passed: number[] = [];
        let now = 1_000_000_000_000;
        for (const pause of pauses) {
          now += pause;
          if (windows.take("key", limit, 1, now) <= limit) passed.push(now);
        }
        // within one fixed window the count is exact
        const fixed = Map.groupBy(passed, (at) => Math.floor(at / WINDOW));
        for (const [, times] of fixed) expect(times.length).toBeLessThanOrEqual(limit);
        const quiet = now + 2 * WINDOW;
        for (let i = 0; i < limit; i++)
          expect(windows.take("key", limit, 1, quiet)).toBeLessThanOrEqual(limit);
        expect(windows.take("key", limit, 1, quiet)).toBeGreaterThan(limit);
        expect(windows.take("another", limit, 1, quiet)).toBe(1);
      },
    ),
  );
});

test("what was used up at the end of a window is still used up at the start of the next", () => {
  const windows = new SlidingWindows(WINDOW);
  const end = WINDOW - 1;
  for (let i = 0; i < 10; i++) windows.take("key", 10, 1, end);
  expect(windows.take("key", 10, 1, WINDOW + 1)).toBeGreaterThan(10);
  expect(windows.take("key", 10, 1, 1.5 * WINDOW)).toBeLessThanOrEqual(10);
});

test("what is given back after its window is over leaves the counts of the current one", () => {
  const windows = new SlidingWindows(WINDOW);
  const end = WINDOW - 1;
  for (let i = 0; i < 4; i++) windows.take("key", 10, 1, end);
  expect(windows.take("key", 10, 6, WINDOW)).toBe(10);
  for (let i = 0; i < 4; i++) windows.giveBack("key", end, WINDOW);
  expect(windows.take("key", 10, 0, WINDOW)).toBe(6);
  windows.giveBack("key", end, 2 * WINDOW);
  expect(windows.take("key", 10, 0, 2 * WINDOW)).toBe(6);
});

test("what is given back can be taken again", () => {
  const windows = new SlidingWindows(WINDOW);
  expect(windows.take("key", 1, 1, 0)).toBe(1);
  expect(windows.take("key", 1, 1, 0)).toBe(2);
  windows.take("key", Number.POSITIVE_INFINITY, -1, 0);
  expect(windows.take("key", 1, 1, 0)).toBe(1);
});
