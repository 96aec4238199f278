import { networkInterfaces } from "node:os";
import { z } from "zod";
import { isEverywhere } from "./stack.ts";

const settingsSchema = z.object({
  /** Where the worker listens; `0.0.0.0` lets phones on the same network reach it. */
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "an address of this machine")
    .default("127.0.0.1"),
  /** Its address in every answer; else the one that HOST means, or this machine's own on its network. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).origin)
    .optional(),
  /** Port of the worker; every other port is chosen free. */
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

/** The address that clients are told: the given one, or where the worker listens. */
export function publicUrlOf({ HOST, PORT, PUBLIC_URL }: StartSettings): string {
  if (PUBLIC_URL !== undefined) return PUBLIC_URL;
  return `http://${isEverywhere(HOST) ? (networkAddress() ?? "127.0.0.1") : HOST}:${PORT}`;
}

/** The first address of this machine that others on its network see; null if it has none. */
export function networkAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? null;
}

/** The worker's own variables that the environment of `npm start` sets. */
export function workerVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(WORKER_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
