import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import type { Progress } from "../../../shared/progress.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import type { EditRequest } from "../edit/request.ts";
import { CanceledError, InputError, WeightsError } from "../errors.ts";
import { type Engine, openEngine } from "./engine.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");
const STEPS = 6;

let engine: Engine;
let request: EditRequest;

beforeAll(async () => {
  engine = await openEngine(MINI);
  request = {
    photo: { bytes: await readFile(join(import.meta.dirname, "../../examples/portrait-01.png")) },
    prompt: "a person with a beard",
    sourcePrompt: "a person.",
    maskOptions: maskOptionsSchema.parse({}),
    schedule: scheduleSchema.parse({ steps: STEPS, structuring_steps: 2 }),
    composite: "paste-back",
  };
});
afterAll(() => engine.close());

test("progress is reported after each step of both passes, while this thread stays free", async () => {
  const seen: Progress[] = [];
  let longest = 0;
  let last = performance.now();
  const pulse = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  const { evaluations } = await engine.edit(request, { onProgress: (progress) => seen.push(progress) });
  clearInterval(pulse);
  expect(evaluations).toBe(4 * STEPS);
  for (const phase of ["inversion", "edit"] as const)
    expect(seen.filter((event) => event.phase === phase).map(({ step }) => step)).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
  expect(seen.at(-1)).toMatchObject({ phase: "decode", evaluations: 4 * STEPS });
  // the evaluations together take longer than this; none may block the caller's thread
  expect(longest).toBeLessThan(1_000);
});

test("a cancelled edit ends within one step, and the next one runs", async () => {
  const cancel = new AbortController();
  let after = 0;
  const run = engine.edit(request, {
    signal: cancel.signal,
    onProgress: ({ phase, step }) => {
      if (cancel.signal.aborted) after += 1;
      if (phase === "inversion" && step === 2) cancel.abort();
    },
  });
  await expect(run).rejects.toBeInstanceOf(CanceledError);
  expect(after).toBeLessThanOrEqual(1);
  await expect(engine.edit(request, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(CanceledError);
  expect((await engine.edit(request)).evaluations).toBe(4 * STEPS);
});

test("two edits at once run one after another", async () => {
  const [first, second] = await Promise.all([engine.edit(request), engine.edit(request)]);
  expect(second.edited.rgb).toEqual(first.edited.rgb);
});

test("errors keep their class and code when they leave the thread", async () => {
  const broken = engine.edit({ ...request, photo: { bytes: new Uint8Array(10) } });
  await expect(broken).rejects.toBeInstanceOf(InputError);
  await expect(broken).rejects.toMatchObject({ code: "image_undecodable" });
  await expect(openEngine("/nowhere/manifest.json")).rejects.toBeInstanceOf(WeightsError);
});

test("closing ends an active run", async () => {
  const other = await openEngine(MINI);
  const run = other.edit(request);
  run.catch(() => {});
  await other.close();
  await expect(run).rejects.toBeInstanceOf(CanceledError);
});
