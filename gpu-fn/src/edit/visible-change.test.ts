import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { changedShare, requireChange } from "./visible-change.ts";

const grey = (...levels: number[]) => Uint8Array.from(levels.flatMap((level) => [level, level, level]));

test("only visible changes inside the region count", () => {
  const before = grey(100, 100, 100, 100);
  expect(changedShare(grey(100, 140, 109, 100), before, Uint8Array.of(0, 0, 0, 1))).toBeCloseTo(1 / 3);
  expect(changedShare(grey(100, 100, 100, 200), before, Uint8Array.of(0, 0, 0, 1))).toBe(0);
  expect(changedShare(before, before, Uint8Array.of(1, 1, 1, 1))).toBe(0);
  const blue = grey(100, 100, 100, 100);
  blue[2] = 112;
  expect(changedShare(blue, before, Uint8Array.of(0, 0, 1, 1)), "one channel is enough").toBe(1 / 2);
});

test("the share is symmetric in the two pictures", () => {
  const picture = fc.uint8Array({ minLength: 30, maxLength: 30 });
  const outside = fc.array(fc.constantFrom(0, 1), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(picture, picture, outside, (a, b, out) => {
      const share = changedShare(a, b, Uint8Array.from(out));
      expect(share).toBe(changedShare(b, a, Uint8Array.from(out)));
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }),
  );
});

test("an edit that changed nothing is refused; unfamiliar words must change more", () => {
  const asked =
    (changed: number, familiar: boolean, nearest: string | null = null) =>
    () =>
      requireChange({ changed, familiar, nearest, readAs: null });
  // measured: no change asked for .004 to .012, a clown nose .07, a sad expression .06, glasses .46
  expect(asked(0.012, true)).toThrow(InputError);
  expect(asked(0.063, true)).not.toThrow();
  expect(asked(0.075, false)).toThrow("does not know how to draw it");
  expect(asked(0.075, false, "with a big nose")).toThrow('try "with a big nose", or a mask');
  expect(asked(0.46, false)).not.toThrow();
});

test("the refusal claims no more than is known, and says how the prompt was read", () => {
  const asked = (readAs: string | null) => () =>
    requireChange({ changed: 0, familiar: true, nearest: null, readAs });
  expect(asked(null)).toThrow(
    "after the edit, as the photo shows it already or this model cannot draw it there: try other words",
  );
  expect(asked("a person wearing a hat")).toThrow('after the edit of "a person wearing a hat", as');
});
