import { expect, test } from "vitest";
import { AccountRoom } from "./account-room.ts";
import { PromisedTimes } from "./promised-times.ts";

const NOW = 1_000_000;
const full = { unfinished: 10, until: NOW + 600_000, msPerEdit: null };

/** Room for ten edits, which ended every 4 s, the last one a second ago. */
function ending() {
  const room = new AccountRoom(10);
  for (const ago of [9_000, 5_000, 1_000]) room.ended(NOW - ago);
  return room;
}

test("there is room up to the limit, however many are wanted at once", () => {
  const room = new AccountRoom(10);
  expect(room.retryAfter({ ...full, unfinished: 9 }, 1, NOW)).toBeNull();
  expect(room.retryAfter({ ...full, unfinished: 9 }, 2, NOW)).not.toBeNull();
  expect(room.retryAfter(full, 1, NOW)).not.toBeNull();
});

test("a refused caller returns when the next edit ends, and each later one an edit later", () => {
  const room = ending();
  expect([1, 2, 3].map(() => room.retryAfter(full, 1, NOW))).toEqual([3, 7, 11]);
  // three at once need three ends, after those that were promised
  expect(ending().retryAfter(full, 3, NOW)).toBe(11);
});

test("if nothing ended yet, the time of one edit counts, or ten seconds", () => {
  expect(new AccountRoom(10).retryAfter({ ...full, msPerEdit: 2_500 }, 1, NOW)).toBe(3);
  expect(new AccountRoom(10).retryAfter(full, 1, NOW)).toBe(10);
});

test("if no edit ends, the estimate grows", () => {
  expect(ending().retryAfter(full, 1, NOW + 29_000)).toBe(30);
});

test("nothing is promised beyond the end of all unfinished edits, and the rest is spread below it", () => {
  const room = ending();
  const times = Array.from({ length: 400 }, () => Number(room.retryAfter(full, 1, NOW)));
  expect(times.slice(0, 150)).toEqual(Array.from({ length: 150 }, (_, i) => 3 + 4 * i));
  const rest = times.slice(150);
  expect(Math.min(...rest)).toBeGreaterThanOrEqual(300);
  expect(Math.max(...rest)).toBeLessThanOrEqual(600);
  expect(new Set(rest).size).toBeGreaterThan(50);
  expect(ending().retryAfter({ ...full, until: NOW + 1_500 }, 1, NOW)).toBeLessThanOrEqual(2);
});

test("promised times pass: a later caller does not queue behind expired promises", () => {
  const times = new PromisedTimes();
  const coming = { firstMs: 1_000, gapMs: 2_000, maxMs: 60_000 };
  expect([times.next(coming, NOW), times.next(coming, NOW)]).toEqual([1, 3]);
  expect(times.next(coming, NOW + 30_000)).toBe(1);
});
