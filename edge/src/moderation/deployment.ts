import { type Moderation, moderationOf, moderationWarning } from "../../../shared/moderation/settings.ts";
import type { Settings } from "../env.ts";

const known = new WeakMap<Settings, Moderation>();

/** This deployment's policy settings. Policies that are off are logged once per start of the worker. */
export function moderationIn(settings: Settings): Moderation {
  const before = known.get(settings);
  if (before !== undefined) return before;
  const moderation = moderationOf(settings);
  known.set(settings, moderation);
  const warning = moderationWarning(moderation);
  if (warning !== null)
    console.warn(JSON.stringify({ event: "moderation_off", off: [...moderation.off], warning }));
  return moderation;
}
