import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { timestepShift, timesteps } from "./schedule.ts";

test("mu equals FLUX's shifts at both ends of the line", () => {
  expect(timestepShift(256)).toBeCloseTo(0.5, 12);
  expect(timestepShift(4096)).toBeCloseTo(1.15, 12);
});

test("property: timesteps fall strictly from noise to data, and every value is a float32", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.constantFrom("flux" as const, "even" as const),
      (n, tokens, spacing) => {
        const times = timesteps(n, tokens, spacing);
        expect(times).toHaveLength(n + 1);
        expect(times[0]).toBeCloseTo(1, 6);
        expect(times[n]).toBe(0);
        times.forEach((t, index) => {
          expect(t).toBe(Math.fround(t));
          if (index > 0) expect(t).toBeLessThan(times[index - 1] ?? 0);
        });
      },
    ),
  );
});

test("more image tokens keep the timesteps closer to noise", () => {
  const [few, many] = [timesteps(10, 256), timesteps(10, 4096)];
  for (let step = 1; step < 10; step++) expect(many[step]).toBeGreaterThan(few[step] ?? 1);
});

test.each([0, -1, 1.5, Number.NaN])("%s steps are refused", (steps) => {
  expect(() => timesteps(steps, 256)).toThrow(InputError);
});
