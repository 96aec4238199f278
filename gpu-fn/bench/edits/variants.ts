import { type Ablation, METHOD } from "../../src/edit/ablation.ts";

/** One way of editing to compare: switches of the engine, and T if it differs from the run's. */
export interface Variant {
  readonly name: string;
  readonly ablation: Partial<Ablation>;
  readonly structuringSteps?: number;
}

/** The paper's three ways of holding an edit to its source. */
export const FUSIONS = {
  "latent fusion": { latent_fusion: true, value_fusion: false },
  "value fusion": { latent_fusion: false, value_fusion: true },
  "S2D-EC": { latent_fusion: true, value_fusion: true },
} as const;

/** The method as published, and nothing else. */
export const PUBLISHED: readonly Variant[] = [{ name: "S2D-EC", ablation: METHOD }];

/** The paper's Table 3: each fusion over the whole map and with PASL's mask; before them the edit without any. */
export const TABLE_3: readonly Variant[] = [
  {
    name: "no fusion",
    ablation: { ...METHOD, latent_fusion: false, value_fusion: false, mask: "none" },
  },
  ...(["none", "soft"] as const).flatMap((mask) =>
    Object.entries(FUSIONS).map(([name, fusion]) => ({
      name: mask === "none" ? `${name}, no mask` : `${name}, PASL`,
      ablation: { ...METHOD, ...fusion, mask },
    })),
  ),
];

/** T of the paper's Figure 8. */
export const STAGES = [1, 3, 5, 7, 9] as const;

/** The paper's Figure 8: each fusion over T. Latents are fused in the first T steps, values in the others. */
export const FIGURE_T: readonly Variant[] = Object.entries(FUSIONS).flatMap(([name, fusion]) =>
  STAGES.map((structuringSteps) => ({
    name: `${name}, T = ${structuringSteps}`,
    ablation: { ...METHOD, ...fusion },
    structuringSteps,
  })),
);
