import { z } from "zod";
import { POLICIES, POLICY_NAMES, type Policy, policySchema } from "./policies.ts";

/** A deployment's policy settings. */
export interface Moderation {
  readonly off: ReadonlySet<Policy>;
  readonly thresholds: Readonly<Record<Policy, number>>;
  /** What happens to a photo in which no face is found: drawings often have none. */
  readonly noFace: "allow" | "refuse";
}

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "");

const offSchema = z
  .string()
  .default("")
  .transform((text) => words(text).flatMap((name) => (name === "all" ? POLICY_NAMES : [name])))
  .pipe(z.array(policySchema));

const thresholdsSchema = z
  .string()
  .default("")
  .transform((text, context): Partial<Record<Policy, number>> => {
    const given: Partial<Record<Policy, number>> = {};
    for (const word of words(text)) {
      const [name, value = "", ...rest] = word.split("=");
      const policy = policySchema.safeParse(name);
      const number = Number(value);
      const [least, most] = policy.success ? POLICIES[policy.data].range : [0, 0];
      if (!policy.success || value === "" || rest.length > 0 || !(number >= least && number <= most)) {
        context.addIssue({
          code: "custom",
          message: `"${word}" is not POLICY=NUMBER within the policy's range`,
        });
        return z.NEVER;
      }
      given[policy.data] = number;
    }
    return given;
  });

/**
 * Variables of the worker and of the GPU function. `MODERATION_OFF`: policies that are turned off, or `all`;
 * `MODERATION_THRESHOLDS`: `image.sexual=0.7,image.age=21`; lists are separated by commas or spaces.
 */
export const moderationSettings = {
  MODERATION_OFF: offSchema,
  MODERATION_THRESHOLDS: thresholdsSchema,
  MODERATION_NO_FACE: z.enum(["allow", "refuse"]).default("allow"),
};

export type ModerationSettings = z.output<z.ZodObject<typeof moderationSettings>>;

/** @param defaults where a deployment's defaults differ from those of the policies */
export function moderationOf(
  settings: ModerationSettings,
  defaults: Partial<Record<Policy, number>> = {},
): Moderation {
  const thresholds = Object.fromEntries(
    POLICY_NAMES.map((name) => [
      name,
      settings.MODERATION_THRESHOLDS[name] ?? defaults[name] ?? POLICIES[name].threshold,
    ]),
  ) as Record<Policy, number>;
  return { off: new Set(settings.MODERATION_OFF), thresholds, noFace: settings.MODERATION_NO_FACE };
}

export const DEFAULT_MODERATION: Moderation = moderationOf(z.object(moderationSettings).parse({}));

/** The settings as shown by `/healthz`. */
export const moderationStateSchema = z.object({ on: z.array(policySchema), off: z.array(policySchema) });

export type ModerationState = z.output<typeof moderationStateSchema>;

export const moderationState = ({ off }: Moderation): ModerationState => ({
  on: POLICY_NAMES.filter((name) => !off.has(name)),
  off: POLICY_NAMES.filter((name) => off.has(name)),
});

/** A line for people if something is turned off, so that it is not overlooked. */
export function moderationWarning({ off }: Moderation): string | null {
  if (off.size === 0) return null;
  return `MODERATION IS OFF for ${[...off].join(", ")}: nothing refuses ${[...off].map((name) => POLICIES[name].refuses).join("; ")}`;
}
