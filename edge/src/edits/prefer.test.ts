import { expect, test } from "vitest";
import { preferredWait } from "./prefer.ts";

test.each([
  ["wait=10", 10],
  ["wait=0", 0],
  ['respond-async, wait="5"', 5],
  ["Wait = 7; foo=bar", 7],
  ["wait=3600", 60],
  ["wait", 60],
  ["respond-async, Wait ", 60],
])("%s asks for %d seconds", (header, seconds) => {
  expect(preferredWait(header)).toBe(seconds);
});

test.each([undefined, "", "respond-async", "wait=soon", "wait=-1", "await=5", "wait=1.5", "waiting"])(
  "%s asks for none",
  (header) => {
    expect(preferredWait(header)).toBeNull();
  },
);
