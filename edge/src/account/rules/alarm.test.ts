import { expect, test } from "vitest";
import { Alarm } from "./alarm.ts";

/** An alarm with something due at a time, and when it was set to ring. */
function alarmWith(dueAt: number) {
  const rings: number[] = [];
  const alarm = new Alarm({
    storage: {
      getAlarm: async () => null,
      setAlarm: async (at) => {
        rings.push(Number(at));
      },
    },
    expiries: () => [],
    others: () => [dueAt],
    keepAlive: () => undefined,
  });
  return { alarm, rings };
}

test("what is overdue when the alarm ends rings in the future: a time in the past may never ring", () => {
  const { alarm, rings } = alarmWith(Date.now() - 60_000);
  alarm.begin();
  const ended = Date.now();
  alarm.end(false);
  expect(rings).toHaveLength(1);
  expect(rings[0]).toBeGreaterThan(ended);
});

test("while it rings it is not set, and afterwards once for the same due time", () => {
  const { alarm, rings } = alarmWith(Date.now() + 60_000);
  alarm.begin();
  alarm.set();
  expect(rings).toEqual([]);
  alarm.end(false);
  alarm.set();
  expect(rings).toHaveLength(1);
});
