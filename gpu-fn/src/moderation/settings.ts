import { join } from "node:path";
import { z } from "zod";
import { POLICY_NAMES, type Policy } from "../../../shared/moderation/policies.ts";
import { type Moderation, moderationOf, moderationSettings } from "../../../shared/moderation/settings.ts";
import { MODERATION_WEIGHTS } from "./weights.ts";

/** The policies' variables, and where their weights are. */
export const moderatorSettings = {
  ...moderationSettings,
  MODERATION_WEIGHTS: z.string().min(1).default(MODERATION_WEIGHTS),
};

export type ModeratorSettings = z.output<z.ZodObject<typeof moderatorSettings>>;

/** The embedded model's manifest. */
export const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

/**
 * The embedded model edits drawn portraits, whose age nobody can tell: there the gate refuses only what looks younger than
 * eighteen, without the margin for the estimate's error that photographs need.
 */
const OF_DRAWINGS: Partial<Record<Policy, number>> = { "image.age": 18 };

/** How a deployment of this model has the policies. */
export const moderationFor = (settings: ModeratorSettings, manifest: string): Moderation =>
  moderationOf(settings, manifest === MINI ? OF_DRAWINGS : {});

/** Whether any policy is on: each has weights here. */
export const needsWeights = ({ off }: Moderation) => POLICY_NAMES.some((name) => !off.has(name));
