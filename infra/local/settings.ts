import { z } from "zod";

const settingsSchema = z.object({
  /** Port of the worker on 127.0.0.1; every other port is chosen free. */
  PORT: z.coerce.number().int().min(1).max(65_535).default(8787),
  /** Folder of all local state. */
  STATE_DIR: z.string().min(1).default(".state"),
  /** Written once an edit can be taken: `{"url","api_key","admin_key"}`. */
  READY_FILE: z.string().min(1).optional(),
  /** Path of a Redis-compatible server, or `ioredis-mock`; else one is found. */
  REDIS_SERVER: z.string().min(1).optional(),
});

/** Variables that reach the worker as they are, to try out payments and reports against test accounts or fakes, and the policies of moderation. */
const WORKER_VARIABLES = [
  "STRIPE_SECRET_KEY",
  "STRIPE_WEBHOOK_SECRET",
  "STRIPE_METER_EVENT",
  "STRIPE_API_URL",
  "BFL_API_KEY",
  "BFL_API_URL",
  "PLAYGROUND_CREDITS",
  "MODERATION_OFF",
  "MODERATION_THRESHOLDS",
] as const;

export type StartSettings = z.output<typeof settingsSchema>;

/** A variable that `npm start` cannot read. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** The environment of `npm start`, checked. @throws SettingsError, one line that names the variable */
export function startSettings(env: NodeJS.ProcessEnv): StartSettings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const { success, data, error } = settingsSchema.safeParse(set);
  if (success) return data;
  throw new SettingsError(
    error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
  );
}

/** The worker's own variables that the environment of `npm start` sets. */
export function workerVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(WORKER_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
