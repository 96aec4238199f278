import { expect, test } from "vitest";
import { rangeOf } from "./range.ts";

test.each([
  ["bytes=0-9", { offset: 0, length: 10 }],
  ["bytes=90-", { offset: 90, length: 10 }],
  ["bytes=90-1000", { offset: 90, length: 10 }],
  ["bytes=-10", { offset: 90, length: 10 }],
  ["bytes=-1000", { offset: 0, length: 100 }],
])("%s of 100 bytes", (header, range) => {
  expect(rangeOf(header, 100)).toEqual(range);
});

test.each([undefined, "", "bytes=-", "bytes=100-", "bytes=9-3", "bytes=-0", "bytes=0-1,3-4", "lines=0-1"])(
  "%s asks for no part of 100 bytes",
  (header) => {
    expect(rangeOf(header, 100)).toBeNull();
  },
);
