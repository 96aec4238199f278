import { networkInterfaces } from "node:os";
import { z } from "zod";
import { isEverywhere } from "./stack.ts";

const settingsSchema = z.object({
  /** Address on which the worker listens; with `0.0.0.0`, phones on the same network can reach it. */
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "an address of this machine")
    .default("127.0.0.1"),
  /** The worker's address in every answer; by default HOST, or this machine's address on its network. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).origin)
    .optional(),
  /** The worker's port; all other ports are chosen automatically. */
  PORT: z.coerce.number().int().min(1).max(65_535).default(8787),
  /** Folder for all local state. */
  STATE_DIR: z.string().min(1).default(".state"),
  /** File written once edits can be accepted: `{"url","api_key","admin_key"}`. */
  READY_FILE: z.string().min(1).optional(),
  /** Path of a Redis-compatible server, or `ioredis-mock`; by default one is looked for. */
  REDIS_SERVER: z.string().min(1).optional(),
});

/** Variables passed to the worker unchanged: payments and reports against test accounts or fakes, and moderation. */
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

/** An invalid variable. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Checks the environment of `npm start`. @throws SettingsError: one line that names the variable */
export function startSettings(env: NodeJS.ProcessEnv): StartSettings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const { success, data, error } = settingsSchema.safeParse(set);
  if (success) return data;
  throw new SettingsError(
    error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
  );
}

/** The address that clients see: PUBLIC_URL, or where the worker listens. */
export function publicUrlOf({ HOST, PORT, PUBLIC_URL }: StartSettings): string {
  if (PUBLIC_URL !== undefined) return PUBLIC_URL;
  return `http://${isEverywhere(HOST) ? (networkAddress() ?? "127.0.0.1") : HOST}:${PORT}`;
}

/** This machine's first address on its network; null if it has none. */
export function networkAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? null;
}

/** The worker's own variables that the environment of `npm start` sets. */
export function workerVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(WORKER_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
