import { expect, test } from "vitest";
import { DELIVERY_DAY_MS, nextTry, retryAfterMs } from "./delivery.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FIRST = Date.UTC(2026, 10, 24);

/** Times of all tries of a delivery that never succeeds, in milliseconds after the first. */
function tries(jitter: number): number[] {
  const times = [0];
  for (let now: number | null = FIRST; now !== null; ) {
    now = nextTry({ tries: times.length, firstAt: FIRST, now, jitter });
    if (now !== null) times.push(now - FIRST);
  }
  return times;
}

test("a delivery is retried for a day, less and less often", () => {
  // The example of the Standard Webhooks specification: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, then a day is over.
  const expected = [0, 5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR].map(
    (_, index, delays) => delays.slice(0, index + 1).reduce((sum, delay) => sum + delay, 0),
  );
  expect(tries(0)).toEqual([...expected, DELIVERY_DAY_MS]);
});

test("jitter stretches the delays by at most a tenth and never past the day", () => {
  const [plain, stretched] = [tries(0), tries(1)];
  expect(stretched).toHaveLength(plain.length);
  expect(stretched[1]).toBe(5_500);
  expect(stretched.at(-1)).toBe(DELIVERY_DAY_MS);
  for (const [index, time] of stretched.entries())
    expect(time).toBeLessThanOrEqual((plain[index] ?? 0) * 1.1);
});

test("a receiver that asks for a pause gets it, within the day", () => {
  const once = { tries: 1, firstAt: FIRST, now: FIRST, jitter: 0 };
  expect(nextTry({ ...once, afterMs: HOUR })).toBe(FIRST + HOUR);
  expect(nextTry({ ...once, afterMs: 1 })).toBe(FIRST + 5_000);
  expect(nextTry({ ...once, afterMs: 400 * HOUR })).toBe(FIRST + DELIVERY_DAY_MS);
});

test("Retry-After is seconds or a date", () => {
  expect(retryAfterMs("120", FIRST)).toBe(120_000);
  expect(retryAfterMs(new Date(FIRST + 9_000).toUTCString(), FIRST)).toBe(9_000);
  expect(retryAfterMs(new Date(FIRST - 9_000).toUTCString(), FIRST)).toBe(0);
  expect(retryAfterMs("soon", FIRST)).toBeUndefined();
  expect(retryAfterMs(null, FIRST)).toBeUndefined();
});
