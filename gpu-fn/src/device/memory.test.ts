import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { InputError, WeightsError } from "../errors.ts";
import type { ComputeType } from "../graph/builder.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { admitEdit, admitInt8Arithmetic, admitModel, usualJob } from "./admit.ts";
import { chooseExecution, type ExecutionPlan, fits, GIB, type Job, memoryUse } from "./execution-plan.ts";
import { gpuMemory, memoryOf } from "./memory.ts";
import { backgroundBytes, sessionBytes, valueBytes } from "./sizes.ts";

const MODELS = join(import.meta.dirname, "../../models");
const PLAN: ExecutionPlan = {
  ...{ device: "cuda", compute: "float16", int8: false },
  ...{ parts: "open", path: "cache", blocks: 18 },
};

let dev: Manifest;
let job: Job;

beforeAll(async () => {
  dev = await readManifest(join(MODELS, "flux-dev/manifest.json"));
  job = usualJob(dev);
});

// The figures of the paper's schedule, N = 30 and T = 3, with V of 18 blocks in half precision:
// 2 evaluations · 27 steps · 18 blocks · 4096 or 1024 tokens · 3072 · 2 bytes.
test.each([
  [1024, 24.46],
  [512, 6.12],
])(
  "an edit's V at %i² takes %f GB, and a fifth less if a fifth of the picture is edited",
  (side, gigabytes) => {
    const square = { ...job, height: side, width: side };
    expect(memoryUse(dev, PLAN, square).valueCache / 1e9).toBeCloseTo(gigabytes, 2);
    expect(memoryUse(dev, PLAN, { ...square, coverage: 0.2 }).valueCache / 1e9).toBeCloseTo(
      0.8 * gigabytes,
      1,
    );
  },
);

test("K and V of all blocks take 0.72 GB per evaluation at 512², and a session for them has room for it twice", () => {
  const square = { ...job, height: 512, width: 512 };
  expect(backgroundBytes(dev, 1024) / 1e9).toBeCloseTo(0.72, 2);
  const of = (path: ExecutionPlan["path"]) => memoryUse(dev, { ...PLAN, path }, square);
  expect(of("background").valueCache).toBe(of("cache").valueCache);
  expect(of("background").device - of("cache").device).toBeGreaterThanOrEqual(
    2 * (backgroundBytes(dev, 1024) - valueBytes(dev, 18, 1024)),
  );
  const admitted = { blocks: "background", recorded: 10, tokens: 1024 } as const;
  expect(() => admitEdit(dev, admitted, 6 * GIB)).toThrow(
    /^K with V of all blocks in 10 evaluations takes 6\.7 GiB, and this machine has 6\.0 GiB: ask for fewer steps$/,
  );
  expect(() => admitEdit(dev, admitted, 7 * GIB)).not.toThrow();
});

const bytesOf = (compute: ComputeType, int8 = false) =>
  sessionBytes(dev, { compute, int8, batch: 1, cachedBlocks: 0, height: 1024, width: 1024 });

test("an evaluation's V takes 453 MB at 1024², and the weights 23.9 GB, including embedders in float32", () => {
  expect(valueBytes(dev, 18, 4096) / 1e6).toBeCloseTo(453, 0);
  expect(bytesOf("bfloat16").transformer.weights / 1e9).toBeCloseTo(23.87, 2);
  expect(bytesOf("float32").transformer.weights / 1e9).toBeCloseTo(47.6, 1);
});

test("eight-bit weights take half the space of sixteen-bit ones, and a little for the scales", () => {
  const { transformer, t5 } = bytesOf("bfloat16", true);
  expect(transformer.weights / 1e9).toBeCloseTo(12.19, 2);
  expect(t5.weights / 1e9).toBeCloseTo(4.97, 2);
});

test("T5 is never in float16", () => {
  expect(bytesOf("float16").t5.weights).toBe(bytesOf("float32").t5.weights);
});

// Peaks on the provider itself in GB, from the table of `npm run rehearse:cuda` in models/README.md.
test.each([
  [1024, false, "open", 43],
  [512, false, "open", 36.53],
  [768, false, "in turns", 35.12],
  [1024, true, "in turns", 19.05],
] as const)(
  "at %i², eight bits %s, parts %s: the plan is at least the peak, and at most a twentieth above it",
  (side, int8, parts, peak) => {
    const execution = { ...PLAN, compute: "bfloat16", int8, parts, path: "paired" } as const;
    const { device, reserved } = memoryUse(dev, execution, { ...job, height: side, width: side });
    expect((device - reserved) / 1e9).toBeGreaterThanOrEqual(peak);
    expect((device - reserved) / 1e9).toBeLessThanOrEqual(1.05 * peak);
  },
);

test("a paired edit keeps nothing on the machine, and parts in turns need only the largest one's memory", () => {
  const [cached, paired, turns] = (
    [
      ["cache", "open"],
      ["paired", "open"],
      ["paired", "in turns"],
    ] as const
  ).map(([path, parts]) => memoryUse(dev, { ...PLAN, path, parts }, job));
  expect(cached?.valueCache).toBeGreaterThan(24e9);
  expect([paired?.valueCache, turns?.valueCache]).toEqual([0, 0]);
  const { encoder, decoder } = turns?.sessions ?? {};
  const closed = [encoder, decoder].reduce((sum, part) => sum + (part?.weights ?? 0) + (part?.arena ?? 0), 0);
  expect((paired?.device ?? 0) - (turns?.device ?? 0)).toBe(closed);
});

describe("the chosen plan", () => {
  const on = (gpu: number, host = 64, int8 = true) =>
    chooseExecution(dev, { device: gpu * GIB, host: host * GIB }, job, { device: "cuda", int8 })?.execution;

  // memory as reported by nvidia-smi: H100, L40S, A100, RTX 5090, RTX 4090, L4
  test.each([
    [79.6, { int8: false, parts: "open", path: "paired", blocks: 18 }],
    [45, { int8: false, parts: "open", path: "paired", blocks: 18 }],
    [40, { int8: false, parts: "in turns", path: "paired", blocks: 18 }],
    [31.8, { int8: true, parts: "open", path: "paired", blocks: 18 }],
    [24, { int8: true, parts: "in turns", path: "paired", blocks: 18 }],
    [22.5, { int8: true, parts: "in turns", path: "paired", blocks: 18 }],
  ])("with %d GiB on the GPU", (gpu, expected) => {
    expect(on(gpu)).toMatchObject({ ...expected, compute: "bfloat16" });
  });

  test("fits, and never gets worse with more memory", () => {
    let best = 0;
    for (let gpu = 16; gpu <= 96; gpu += 4) {
      const memory = { device: gpu * GIB, host: 32 * GIB };
      const chosen = chooseExecution(dev, memory, job, { device: "cuda", int8: true });
      if (!chosen) continue;
      expect(fits(chosen.use, memory, "cuda")).toBe(true);
      expect(chosen.execution.blocks).toBeGreaterThanOrEqual(best);
      best = chosen.execution.blocks;
    }
    expect(best).toBe(18);
  });

  test("is the manifest's on the processor, if there is enough memory", () => {
    const memory = { device: 128 * GIB, host: 128 * GIB };
    expect(chooseExecution(dev, memory, job, { device: "cpu", int8: false })?.execution).toEqual({
      ...{ device: "cpu", compute: "float32", int8: false },
      ...{ parts: "open", path: "cache", blocks: 18 },
    });
  });
});

describe("refused in one line", () => {
  test("a model that fits with no plan, with advice on what would help", () => {
    const admit = (gpu: number, int8: boolean) =>
      admitModel(dev, { device: gpu * GIB, host: 64 * GIB }, { device: "cuda", int8 });
    expect(() => admit(24, false)).toThrow(WeightsError);
    expect(() => admit(24, false)).toThrow(
      /^flux-dev needs 3\d\.\d GiB on the GPU, which has 24\.0 GiB, and \d+\.\d GiB of the machine's 64\.0 GiB; eight-bit weights take less: npm run weights -- flux-dev --to DIR --int8$/,
    );
    expect(() => admit(16, true)).toThrow(/has 16\.0 GiB[^;]*$/);
  });

  test("eight-bit arithmetic of a transformer that is too large for a graph", async () => {
    expect(() => admitInt8Arithmetic(dev)).toThrow(WeightsError);
    expect(() => admitInt8Arithmetic(dev)).toThrow(
      /at most 2\.0 GiB; flux-dev takes 11\.1 GiB: store its weights/,
    );
    const mini = await readManifest(join(MODELS, "mini/manifest.json"));
    expect(() => admitInt8Arithmetic(mini)).not.toThrow();
  });

  test("an edit that keeps more V than fits in memory", () => {
    expect(() => admitEdit(dev, { blocks: 18, recorded: 54 }, 24 * GIB)).not.toThrow();
    expect(() => admitEdit(dev, { blocks: 38, recorded: 120 }, 24 * GIB)).toThrow(InputError);
    expect(() => admitEdit(dev, { blocks: 38, recorded: 120 }, 24 * GIB)).toThrow(
      "V of 38 blocks in 120 evaluations takes 106.9 GiB, and this machine has 24.0 GiB",
    );
  });

  test("a GPU whose memory is unknown", () => {
    expect(() => gpuMemory("/nowhere/nvidia-smi")).toThrow(
      /^the GPU's memory cannot be read: .*set GPU_MEMORY_GB$/,
    );
    expect(memoryOf("cuda", { gpuGib: 24 }).device).toBe(24 * GIB);
    expect(memoryOf("cpu").host).toBeGreaterThan(GIB);
  });
});
