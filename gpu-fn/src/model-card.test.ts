// What the edge knows of the embedded model is what its manifest says.
import { join } from "node:path";
import { expect, test } from "vitest";
import { MODELS } from "../../shared/models.ts";
import { readManifest } from "./manifest.ts";

test("names, versions, resolution and guidance agree", async () => {
  const manifest = await readManifest(join(import.meta.dirname, "../models/mini/manifest.json"));
  const { id, version, resolution, defaults, flux } = manifest;
  expect(MODELS.mini).toEqual({
    id,
    version,
    pasl: `${id}-${version}`,
    resolution,
    blocks: flux.config.depth_single_blocks,
    guidance: defaults.guidance.method,
  });
});
