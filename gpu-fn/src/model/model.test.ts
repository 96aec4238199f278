import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { readManifest } from "../manifest/manifest.ts";
import { cpuExecution, openModel } from "./model.ts";
import type { Parts } from "./parts.ts";

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

/** Parts that open slowly. */
function slowParts() {
  const release = vi.fn(async () => {});
  const opened = vi.fn();
  const open = async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    opened();
    return { release } as unknown as Parts;
  };
  return { open, opened, release };
}

// here is no GPU, so a transformer that opens for one fails, which shows when it opens
test("for a GPU the transformer opens with the parts, and if it fails their memory is free again", async () => {
  const manifest = await readManifest(MINI);
  const { open, opened, release } = slowParts();
  const opening = openModel(manifest, {
    execution: { ...cpuExecution(manifest), device: "cuda" },
    openParts: open,
  });
  await expect(opening).rejects.toThrow("CUDA provider is not installed");
  expect(opened).toHaveBeenCalledTimes(1);
  expect(release).toHaveBeenCalledTimes(1);
});

test("on the processor the transformer opens with the first edit that needs it", async () => {
  const manifest = await readManifest(MINI);
  const { open, release } = slowParts();
  const model = await openModel(manifest, { openParts: open });
  const first = await model.transformer({ valuePath: "cache" });
  expect(await model.transformer({ valuePath: "cache" })).toBe(first);
  await model.release();
  expect(release).toHaveBeenCalledTimes(1);
});
