import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { type ExecutionPlan, GIB } from "../device/execution-plan.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { timesteps } from "../method/schedule.ts";
import { leastGrid } from "../region/view.ts";
import { planEdit, type Seen } from "./edit-plan.ts";

const PLAN: ExecutionPlan = {
  ...{ device: "cuda", compute: "bfloat16", int8: false },
  ...{ parts: "open", path: "cache", blocks: 18 },
};

let dev: Manifest;
beforeAll(async () => {
  dev = await readManifest(join(import.meta.dirname, "../../models/flux-dev/manifest.json"));
});

const plan = (seen: Seen, hostBytes = Number.POSITIVE_INFINITY, execution: ExecutionPlan = PLAN) =>
  planEdit(
    { manifest: dev, execution, hostBytes },
    {
      schedule: scheduleSchema.parse({}),
      sourcePrompt: "a person.",
      inversionScope: "tenant photo",
    },
    seen,
  );

test("the timesteps are shifted by the number of tokens in the view", () => {
  const of = (rows: number, columns: number) => plan({ grid: { rows, columns } }).plan.timesteps;
  expect(of(32, 48)).toEqual(of(48, 32));
  expect(of(32, 48)).not.toEqual(of(64, 64));
  expect(of(32, 48).toReversed()).toEqual([...timesteps(30, 32 * 48)]);
});

// 54 evaluations · 18 blocks · 3072 · 2 bytes a token: 22.8 GiB of 64 × 64 tokens, 8.5 GiB of 32 × 48.
test("an edit is admitted by its view: a window fits even if the whole photo does not", () => {
  expect(() => plan({ grid: { rows: 64, columns: 64 } }, 10 * GIB)).toThrow(/takes 22\.8 GiB/);
  expect(() => plan({ grid: { rows: 32, columns: 48 } }, 10 * GIB)).not.toThrow();
});

test("on a GPU V is cached for at most the planned number of blocks; the paired path allows any number", () => {
  const grid = { rows: 32, columns: 32 };
  const of = (execution: ExecutionPlan, value_blocks: number) =>
    planEdit(
      { manifest: dev, execution, hostBytes: 64 * GIB },
      { schedule: scheduleSchema.parse({ value_blocks }), sourcePrompt: "a person." },
      { grid },
    );
  expect(() => of({ ...PLAN, blocks: 12 }, 13)).toThrow(
    "value_blocks is 13; this GPU has memory for V of 12 blocks",
  );
  expect(of({ ...PLAN, blocks: 12 }, 12).valueBlocks).toBe(12);
  expect(of({ ...PLAN, path: "paired", blocks: 12 }, 38).valueBlocks).toBe(38);
  expect(() => of({ ...PLAN, path: "paired" }, 39)).toThrow("value_blocks is 39; the model has 38 blocks");
});

test("an inversion has a key once its window is known, and a different key for another window", () => {
  const grid = leastGrid({ manifest: dev, grid: 64, unit: 16 });
  expect(grid).toEqual({ rows: 32, columns: 32 });
  const size = { width: 512, height: 512 };
  const execution: ExecutionPlan = { ...PLAN, path: "paired" };
  const key = (left: number) =>
    plan({ grid, window: { part: { left, top: 0, ...size }, size } }, undefined, execution).key;
  expect(plan({ grid }, undefined, execution).key).toBeUndefined();
  expect(key(0)).toMatch(/^[0-9a-f]{64}\.[0-9a-f]{64}$/);
  expect(key(1)).not.toBe(key(0));
});
