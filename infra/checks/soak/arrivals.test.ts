import { expect, test } from "vitest";
import { Arrivals, pause } from "./arrivals.ts";

test("stopping waits until all that arrived was answered, also what comes of an answer", async () => {
  const arrivals = new Arrivals();
  let [asked, answered] = [0, 0];
  arrivals.start(
    () => 200,
    async () => {
      asked++;
      await pause(300);
      await pause(50);
      answered++;
    },
  );
  await pause(100);
  await arrivals.stop();
  expect(asked).toBeGreaterThan(0);
  expect(answered).toBe(asked);
});
