/**
 * What the edge must know about a model before it has contacted a GPU: names for answers and cache keys, numbers for
 * prices. The GPU function's manifest is the source; a test there checks that the two agree.
 */
export const MODELS = {
  mini: {
    id: "mini",
    version: "0.11.0",
    pasl: "mini-0.11.0",
    resolution: 128,
    blocks: 12,
    guidance: "distilled",
    valuePath: "cache",
    fastSteps: 5,
    domain: { drawings: "good", photographs: "weak" },
  },
  "flux-dev": {
    id: "flux-dev",
    version: "1.0.0",
    pasl: "mini-0.11.0",
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
    pasl: "mini-0.11.0",
    resolution: 1024,
    blocks: 38,
    guidance: "distilled",
    valuePath: "paired",
    domain: { drawings: "unmeasured", photographs: "unmeasured" },
  },
} as const satisfies Record<string, ModelCard>;

/** How well a model edits one kind of portrait, by this project's benchmarks. */
export const FITNESS = ["good", "weak", "unmeasured"] as const;

export interface ModelCard {
  readonly id: string;
  readonly version: string;
  /** Version of the mask locator, whichever model it ships with: part of every mask cache key. */
  readonly pasl: string;
  /** Side of the model's square input in pixels. */
  readonly resolution: number;
  /** Single blocks of the transformer: the maximum of `value_blocks`. */
  readonly blocks: number;
  /** How the model is guided if a schedule does not say. */
  readonly guidance: "distilled" | "true";
  /**
   * The source of V on the device that a deployment runs the model on (mini: the processor, FLUX: a GPU). A paired edit
   * evaluates the source again.
   */
  readonly valuePath: "cache" | "paired";
  /** Steps of the preset `fast`, if not FLUX's: fewer are enough for a model whose paths reflow has straightened. */
  readonly fastSteps?: number;
  readonly domain: Readonly<Record<"drawings" | "photographs", (typeof FITNESS)[number]>>;
  /** The model's name at Black Forest Labs, if its licence requires a report of each generated image. */
  readonly usageReport?: "flux-1-dev";
}

export type ModelId = keyof typeof MODELS;
