import type { z } from "zod";
import { type ForgetTask, gpuHealthSchema } from "../../../shared/gpu.ts";
import { DeployError } from "./deployment-plan.ts";

/** Hosts that nobody can own: wrangler.toml's own words before they are replaced. */
const EXAMPLE = /(?:^|\.)example\.(?:com|net|org)$|^flux-sculptor--gpu\.modal\.run$/;

/** An address as the worker takes it, without a path. @throws DeployError if it is none or is still the example's */
export function checkedAddress(name: string, value: string, flag: string): string {
  const url = URL.parse(value);
  if (url === null || url.protocol !== "https:" || EXAMPLE.test(url.hostname))
    throw new DeployError(
      `${name} is ${value || "not set"}: set it in wrangler.toml, or give ${flag} https://…`,
    );
  return url.origin;
}

/** Pause between two looks, in milliseconds. */
const PAUSE_MS = 2_000;

/** Longest that a function which has just said how it is may take to say whom it knows, in milliseconds. */
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
 * Which model a GPU function runs, as its `GET /healthz` has it; null if it does not answer, or lets nobody through.
 * @param secrets the worker's, of which Modal's proxy wants two
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
    return null; // nobody there, or nobody who says so
  }
}

/** Whether a GPU function takes tasks from whoever has these secrets: it is asked to forget an edit that never was. */
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
    return false; // no such name yet, or nobody there
  }
}
