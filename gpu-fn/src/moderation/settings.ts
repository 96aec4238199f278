import { join } from "node:path";
import { z } from "zod";
import { POLICY_NAMES, type Policy } from "../../../shared/moderation/policies.ts";
import { type Moderation, moderationOf, moderationSettings } from "../../../shared/moderation/settings.ts";
import { MODERATION_WEIGHTS } from "./weights.ts";

/** The policies' environment variables, and the folder of their weights. */
export const moderatorSettings = {
  ...moderationSettings,
  MODERATION_WEIGHTS: z.string().min(1).default(MODERATION_WEIGHTS),
};

export type ModeratorSettings = z.output<z.ZodObject<typeof moderatorSettings>>;

/** The embedded model's manifest. */
export const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

/**
 * The embedded model edits drawn portraits, whose age nobody can know. For these the gate refuses only faces that look
 * younger than eighteen, without the margin for the estimate's error that photographs need.
 */
const OF_DRAWINGS: Partial<Record<Policy, number>> = { "image.age": 18 };

/** A deployment's policy settings for this model. */
export const moderationFor = (settings: ModeratorSettings, manifest: string): Moderation =>
  moderationOf(settings, manifest === MINI ? OF_DRAWINGS : {});

/** Whether any policy is on, since each one has weights here. */
export const needsWeights = ({ off }: Moderation) => POLICY_NAMES.some((name) => !off.has(name));
