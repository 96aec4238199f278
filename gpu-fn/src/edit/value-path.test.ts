import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { PRESETS } from "../../../shared/presets.ts";
import { type Schedule, scheduleSchema } from "../../../shared/schedule.ts";
import { type ExecutionPlan, GIB } from "../device/execution-plan.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { valuePathOf } from "./value-path.ts";

let dev: Manifest;
beforeAll(async () => {
  dev = await readManifest(join(import.meta.dirname, "../../models/flux-dev/manifest.json"));
});

const ASKING: Schedule = scheduleSchema.parse({ ...PRESETS.fast, value_path: "background" });

const pathOf = (schedule: Schedule, device: "cpu" | "cuda", path: ExecutionPlan["path"], host: number) =>
  valuePathOf(
    {
      manifest: dev,
      execution: { device, compute: "bfloat16", int8: false, parts: "open", path, blocks: 18 },
      hostBytes: host,
    },
    schedule,
  );

// 10 evaluations · 57 blocks · K and V · 4096 tokens · 3072 · 2 bytes: 26.7 GiB
test.each([
  ["the processor, with room", "cpu", "cache", 27 * GIB, "background"],
  ["the processor, without", "cpu", "cache", 26 * GIB, "cache"],
  ["a GPU with a session for it", "cuda", "background", 27 * GIB, "background"],
  ["a GPU with one, and too small a machine", "cuda", "background", 26 * GIB, "cache"],
  ["a GPU that pairs", "cuda", "paired", 64 * GIB, "paired"],
] as const)("if the schedule asks for it: %s", (_, device, path, host, expected) => {
  expect(pathOf(ASKING, device, path, host)).toBe(expected);
});

test("the paper's schedule uses the device's path; a session with a background keeps only V for it", () => {
  expect(pathOf(PRESETS.paper, "cpu", "cache", 640 * GIB)).toBe("cache");
  expect(pathOf(PRESETS.paper, "cuda", "paired", 640 * GIB)).toBe("paired");
  expect(pathOf(PRESETS.paper, "cuda", "background", 640 * GIB)).toBe("cache");
});
