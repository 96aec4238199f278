import type { z } from "zod";
import type { SigningSecrets } from "../../shared/signing.ts";
import type { EditMessage } from "./account/contract/edits.ts";
import { settingsSchema } from "./variables.ts";

/** The worker's bindings and variables as named in wrangler.toml; secrets come from `wrangler secret put`. */
export interface Env extends z.input<typeof settingsSchema> {
  readonly IMAGES: R2Bucket;
  readonly ACCOUNTS: DurableObjectNamespace;
  readonly RUNNERS: DurableObjectNamespace;
  readonly EDITS: Queue<EditMessage>;
  /** Visits of the playground per address, counted by the platform in each location. */
  readonly VISITS: RateLimit;
  /** Without it no data points are written. */
  readonly METRICS?: AnalyticsEngineDataset;
}

export type Settings = z.output<typeof settingsSchema> & { readonly signingSecrets: SigningSecrets };

const parsed = new WeakMap<object, Settings>();

/** The variables, validated once per environment. @throws ZodError that names what is missing */
export function settingsOf(env: Env): Settings {
  const known = parsed.get(env);
  if (known !== undefined) return known;
  const values = settingsSchema.parse(env);
  const { SIGNING_SECRET, SIGNING_SECRET_PREVIOUS } = values;
  const previous = SIGNING_SECRET_PREVIOUS === undefined ? [] : [SIGNING_SECRET_PREVIOUS];
  const settings: Settings = { ...values, signingSecrets: [SIGNING_SECRET, ...previous] };
  parsed.set(env, settings);
  return settings;
}
