import type { z } from "zod";
import { type ForgetTask, gpuHealthSchema } from "../../../shared/gpu.ts";
import { DeployError } from "./deployment-plan.ts";

/** Placeholder hosts of wrangler.toml, which nobody can own. */
const EXAMPLE = /(?:^|\.)example\.(?:com|net|org)$|^flux-sculptor--gpu\.modal\.run$/;

/** The origin of an address. @throws DeployError if it is not https, or is still the placeholder */
export function checkedAddress(name: string, value: string, flag: string): string {
  const url = URL.parse(value);
  if (url === null || url.protocol !== "https:" || EXAMPLE.test(url.hostname))
    throw new DeployError(
      `${name} is ${value || "not set"}: set it in wrangler.toml, or give ${flag} https://…`,
    );
  return url.origin;
}

/** Pause between two checks, in milliseconds. */
const PAUSE_MS = 2_000;

/** Maximum time for a function with a recent health answer to check secrets, in milliseconds. */
const SECRET_MS = 20_000;

/** Waits until a fresh deployment answers `GET /healthz` with 200: a new domain may take a minute. */
export async function answers(publicUrl: string, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (true) {
    if (await isHealthy(publicUrl)) return true;
    if (Date.now() + PAUSE_MS > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

const healthSchema = gpuHealthSchema.pick({ model: true });

/** The model that a GPU function runs. */
export type RunningModel = NonNullable<z.output<typeof healthSchema>["model"]>;

/**
 * The model of a GPU function, by its `GET /healthz`; null if it does not answer, or refuses the secrets.
 * @param secrets the worker's; Modal's proxy checks two of them
 */
export async function modelOf(
  gpuUrl: string,
  secrets: ReadonlyMap<string, string>,
  patienceMs: number,
): Promise<RunningModel | null> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const answer = await fetch(`${gpuUrl}/healthz`, { signal, headers: credentialsIn(secrets) });
    return healthSchema.parse(await answer.json()).model;
  } catch {
    return null; // no answer, or no valid one
  }
}

/** Whether a GPU function accepts these secrets: it gets a harmless task, to forget an edit that does not exist. */
export async function knowsWorker(gpuUrl: string, secrets: ReadonlyMap<string, string>): Promise<boolean> {
  const answer = await fetch(`${gpuUrl}/forget`, {
    method: "POST",
    headers: { ...credentialsIn(secrets), "Content-Type": "application/json" },
    body: JSON.stringify({ request_id: "none" } satisfies ForgetTask),
    signal: AbortSignal.timeout(SECRET_MS),
  });
  return answer.status !== 401 && answer.status !== 403;
}

/** As the worker sends them (edge/src/gpu/client.ts). */
function credentialsIn(secrets: ReadonlyMap<string, string>): Record<string, string> {
  const [key, secret, shared] = ["MODAL_KEY", "MODAL_SECRET", "GPU_SECRET"].map((name) => secrets.get(name));
  return {
    ...(key && secret ? { "Modal-Key": key, "Modal-Secret": secret } : {}),
    ...(shared ? { Authorization: `Bearer ${shared}` } : {}),
  };
}

async function isHealthy(publicUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${publicUrl}/healthz`, { signal: AbortSignal.timeout(10_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false; // unknown host, or no answer
  }
}
