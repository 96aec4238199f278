// What the edge knows about a model matches its manifest.
import { join } from "node:path";
import { expect, test } from "vitest";
import { MODELS, type ModelCard } from "../../../shared/models.ts";
import { readManifest } from "./manifest.ts";

test.each(Object.entries<ModelCard>(MODELS))(
  "names, versions, resolution and guidance agree: %s",
  async (name, card) => {
    const manifest = await readManifest(join(import.meta.dirname, `../../models/${name}/manifest.json`));
    const { id, version, resolution, defaults, flux, terms, devices, pasl, schedule } = manifest;
    const locator = pasl && "shipped" in pasl ? MODELS.mini : { id, version };
    expect(card).toEqual({
      id,
      version,
      pasl: `${locator.id}-${locator.version}`,
      resolution,
      blocks: flux.config.depth_single_blocks,
      guidance: defaults.guidance.method,
      domain: card.domain,
      valuePath: devices[name === "mini" ? "cpu" : "cuda"].value_path,
      ...(schedule.fast_steps !== undefined && { fastSteps: schedule.fast_steps }),
      ...(terms?.accept ? { usageReport: "flux-1-dev" } : {}),
    });
  },
);
