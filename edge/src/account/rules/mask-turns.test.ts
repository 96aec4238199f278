import { expect, test } from "vitest";
import { MaskTurns } from "./mask-turns.ts";

test("one request has the turn; the next one gets it after a pause as long as the mask took", async () => {
  const turns = new MaskTurns();
  expect(await turns.take(0)).toBe(true);
  expect(await turns.take(10)).toBe(false);
  const next = turns.take(2_000);
  const released = Date.now();
  turns.release(120);
  expect(await next).toBe(true);
  expect(Date.now() - released).toBeGreaterThanOrEqual(115);
});

test("at most twenty requests wait", async () => {
  const turns = new MaskTurns();
  await turns.take(0);
  const waiting = Array.from({ length: 20 }, () => turns.take(300));
  const since = Date.now();
  expect(await turns.take(300)).toBe(false);
  expect(Date.now() - since).toBeLessThan(200);
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 20 }, () => false));
});
