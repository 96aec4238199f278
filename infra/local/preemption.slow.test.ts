import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startBreakable } from "./stack.fixture.ts";
import { MOCK } from "./upstash/server.ts";

const timeout = 240_000;

it("runs an edit again if its GPU is taken away, and stops after three runs if it ends its GPU each time", {
  timeout,
}, async ({ onTestFinished }) => {
  const { client, stack, logs, signal, breakDuring, poisoned, expectWhole, stop } =
    await startBreakable(MOCK);
  onTestFinished(stop, timeout);
  const before = stack.parts.gpu.pid();
  expect(await breakDuring(() => signal("gpu", "SIGTERM"))).toBe("succeeded");
  expect(stack.parts.gpu.pid()).not.toBe(before);
  await expectWhole();
  const outcomes = logged(join(logs, "gpu.log")).flatMap(({ event, outcome }) =>
    event === "run" ? [outcome] : [],
  );
  expect(outcomes[0]).toBe("interrupted");

  const { balance } = await client.account();
  const { edit, runs } = await poisoned();
  expect(edit).toMatchObject({ status: "failed", error: { code: "gpu_unavailable" } });
  expect(runs).toBe(3);
  expect(await client.account()).toMatchObject({ balance, held: 0 });
  await expectWhole();
});

/** The JSON lines of a log. */
function logged(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}
