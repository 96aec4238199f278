import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { editTaskSchema } from "../../../shared/gpu.ts";
import type { Run } from "./run.ts";
import { Runs } from "./runs.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const object = { key: "k", url: "https://storage.test/k" };

const task = {
  kind: "edit",
  task: editTaskSchema.parse({
    request_id: "a",
    tenant: "0".repeat(64),
    photo: { url: "https://storage.test/p", sha256: "0".repeat(64) },
    locate: ["glasses"],
    mask_options: {},
    prompt: "glasses",
    source_prompt: "a person",
    mask: { source: "pasl" },
    schedule: {},
    composite: "none",
    output: { format: "png" },
    put: { mask: object, located: object, result: object },
    deadline_ms: 30_000,
  }),
} as const;

/** Starts the task's run and lets it pass its deadline. */
async function overdue(perform: (run: Run) => Promise<void>) {
  const onHang = vi.fn();
  const lines: string[] = [];
  const runs = new Runs(
    (_, run) => perform(run),
    (event) => void lines.push(event),
    onHang,
  );
  expect(runs.take(task).outcome).toBe("run");
  await vi.advanceTimersByTimeAsync(30_000);
  return { onHang, lines, runs };
}

/** A step report after `ms`, so that an evaluation is known to take that long. */
async function evaluate({ pace }: Run, ms: number): Promise<void> {
  const progress = { phase: "edit", step: 0, steps: 2, evaluations: 0, planned: 2 } as const;
  pace.note(progress, 0);
  pace.note({ ...progress, step: 1, evaluations: 1 }, ms);
}

const forever = () => new Promise<void>(() => {});

test("an engine that does not return within a minute after its run has ended is hanging", async () => {
  const { onHang, lines, runs } = await overdue(async (run) => {
    await evaluate(run, 20);
    await forever();
  });
  await vi.advanceTimersByTimeAsync(59_000);
  expect(runs.busy).toBe(true);
  expect(onHang).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(onHang).toHaveBeenCalledOnce();
  expect(lines).toContain("hangs");
});

test("a slow engine gets the time of twenty evaluations", async () => {
  const { onHang } = await overdue(async (run) => {
    await evaluate(run, 15_000);
    await forever();
  });
  await vi.advanceTimersByTimeAsync(299_000);
  expect(onHang).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(onHang).toHaveBeenCalledOnce();
});

test("an engine that returns late is not hanging", async () => {
  const { onHang, runs } = await overdue((run) => evaluate(run, 20).then(() => pause(80_000)));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(onHang).not.toHaveBeenCalled();
  expect(runs.busy).toBe(false);
});

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
