import { expect, test } from "vitest";
import { type Id, newId } from "../../../shared/ids.ts";
import { overrunMs, windowOf } from "./expected-wait.ts";

const me = newId("acct");
const turns = { containers: 1, window: windowOf(1) };
const edit = { account: me, credits: 1, deadlineMs: 100_000 };

/** A backlog of `shares` credits, one account each, at a second per credit. */
function backlog(shares: readonly number[], own = 0, msPerCredit: number | null = 1_000) {
  const credits = new Map<Id<"acct">, number>(shares.map((share) => [newId("acct"), share]));
  if (own > 0) credits.set(me, own);
  return { credits, msPerCredit };
}

test("an account's own line counts in full: with 79 edits ahead an edit is in time, with 80 it is one late", () => {
  // done after 80 % of the deadline: 80 s at a second each
  expect(overrunMs(backlog([], 79), edit, turns)).toBeNull();
  expect(overrunMs(backlog([], 80), edit, turns)).toBe(1_000);
  expect(overrunMs(backlog([], 180), edit, turns)).toBe(101_000);
});

test("accounts take turns past another account's long line", () => {
  expect(overrunMs(backlog([100_000]), edit, turns)).toBeNull();
  // each of 40 accounts has two turns before it: 80 s, plus the edit itself
  expect(overrunMs(backlog(Array(40).fill(500)), edit, turns)).toBe(1_000);
  // 20 of its own wait: the others have 22 turns each
  expect(overrunMs(backlog(Array(3).fill(500), 20), edit, turns)).toBe(7_000);
});

test("more containers move the line proportionally faster", () => {
  const four = { containers: 4, window: windowOf(4) };
  expect(overrunMs(backlog([], 316), edit, four)).toBeNull();
  expect(overrunMs(backlog([], 320), edit, four)).toBe(1_000);
});

test("if nothing waits, or no pace is known, an edit is in time", () => {
  expect(overrunMs(backlog([], 0, 1_000_000), edit, turns)).toBeNull();
  expect(overrunMs(backlog([500], 500, null), edit, turns)).toBeNull();
});

test("a more expensive edit needs more time, a shorter deadline leaves less", () => {
  expect(overrunMs(backlog([], 75), { ...edit, credits: 10 }, turns)).toBe(5_000);
  expect(overrunMs(backlog([], 75), { ...edit, deadlineMs: 50_000 }, turns)).toBe(36_000);
});
