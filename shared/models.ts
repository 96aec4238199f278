/**
 * What the edge must know of a model before it has spoken to a GPU: names for answers and cache keys, numbers for
 * prices. The manifest of the GPU function is the source; a test there holds the two together.
 */
export const MODELS = {
  mini: {
    id: "mini",
    version: "0.5.0",
    pasl: "mini-0.5.0",
    resolution: 128,
    blocks: 4,
    guidance: "distilled",
    valuePath: "cache",
    domain: { drawings: "good", photographs: "weak" },
  },
  "flux-dev": {
    id: "flux-dev",
    version: "1.0.0",
    pasl: "mini-0.5.0",
    resolution: 1024,
    blocks: 38,
    guidance: "distilled",
    valuePath: "paired",
    domain: { drawings: "unmeasured", photographs: "unmeasured" },
    usageReport: "flux-1-dev",
  },
  "flux-schnell": {
    id: "flux-schnell",
    version: "1.0.0",
    pasl: "mini-0.5.0",
    resolution: 1024,
    blocks: 38,
    guidance: "distilled",
    valuePath: "paired",
    domain: { drawings: "unmeasured", photographs: "unmeasured" },
  },
} as const satisfies Record<string, ModelCard>;

/** How well a model edits a kind of portrait, by this project's benchmarks. */
export const FITNESS = ["good", "weak", "unmeasured"] as const;

export interface ModelCard {
  readonly id: string;
  readonly version: string;
  /** Version of the mask locator, of whichever model it ships with: part of every mask cache key. */
  readonly pasl: string;
  /** Side in pixels of the square the model works on. */
  readonly resolution: number;
  /** Single blocks of the transformer: the most that `value_blocks` may be. */
  readonly blocks: number;
  /** How the model is guided where a schedule leaves it open. */
  readonly guidance: "distilled" | "true";
  /**
   * Where V of the source comes from on the device that a deployment runs the model on (mini: the processor, FLUX: a GPU).
   * A paired edit evaluates the source once more.
   */
  readonly valuePath: "cache" | "paired";
  readonly domain: Readonly<Record<"drawings" | "photographs", (typeof FITNESS)[number]>>;
  /** The model's name at Black Forest Labs, where its licence asks for a report of each generated image. */
  readonly usageReport?: "flux-1-dev";
}

export type ModelId = keyof typeof MODELS;
