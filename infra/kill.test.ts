import { expect, it } from "vitest";
import { startBreakable } from "./stack.fixture.ts";
import { MOCK } from "./upstash/server.ts";

// Real processes, killed (SIGKILL) and stalled (SIGSTOP) in the middle of an edit, each story on a stack of its own.
// They mostly wait for a lease of 30 s or a silence of 15 s to be over, so they wait side by side.
const timeout = 240_000;

it.concurrent("outlives a GPU function that is killed, and one that stalls", { timeout }, async ({
  onTestFinished,
}) => {
  const { stack, signal, breakDuring, expectWhole, stop } = await startBreakable(MOCK);
  onTestFinished(stop, timeout);
  for (const name of ["SIGKILL", "SIGSTOP"] as const) {
    const before = stack.parts.gpu.pid();
    await breakDuring(() => signal("gpu", name));
    await expectWhole();
    expect(stack.parts.gpu.pid(), name).not.toBe(before);
  }
});

it.concurrent("goes on while Upstash is killed or stalls, and outlives a killed worker", {
  timeout,
}, async ({ onTestFinished }) => {
  const { stack, signal, breakDuring, expectWhole, stop } = await startBreakable();
  onTestFinished(stop, timeout);
  const gateway = stack.parts.gateway.pid();
  expect(await breakDuring(() => signal("gateway", "SIGKILL"))).toBe("succeeded");
  await expectWhole();
  expect(stack.parts.gateway.pid()).not.toBe(gateway);
  signal("gateway", "SIGSTOP");
  await expectWhole();

  const worker = stack.parts.worker.pid();
  await breakDuring(() => signal("worker", "SIGKILL"));
  await expectWhole();
  expect(stack.parts.worker.pid()).not.toBe(worker);
});

it.concurrent("outlives a worker that stalls", { timeout }, async ({ onTestFinished }) => {
  const { stack, signal, breakDuring, expectWhole, stop } = await startBreakable(MOCK);
  onTestFinished(stop, timeout);
  const before = stack.parts.worker.pid();
  await breakDuring(() => signal("worker", "SIGSTOP"));
  await expectWhole();
  expect(stack.parts.worker.pid()).not.toBe(before);
});
