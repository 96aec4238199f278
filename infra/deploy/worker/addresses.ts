import { z } from "zod";
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

/** Waits until a fresh deployment answers `GET /healthz` with 200: a new domain may take a minute. */
export async function answers(publicUrl: string, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (true) {
    if (await isHealthy(publicUrl)) return true;
    if (Date.now() + PAUSE_MS > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

const healthSchema = z.object({ model: z.object({ id: z.string() }) });

/**
 * Which model a GPU function runs, as its `GET /healthz` has it; null if it does not answer, or lets nobody through.
 * @param secrets the worker's, of which Modal's proxy wants two
 */
export async function modelOf(
  gpuUrl: string,
  secrets: ReadonlyMap<string, string>,
  patienceMs: number,
): Promise<string | null> {
  const [key, secret] = [secrets.get("MODAL_KEY"), secrets.get("MODAL_SECRET")];
  const headers = key && secret ? { "Modal-Key": key, "Modal-Secret": secret } : undefined;
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const answer = await fetch(`${gpuUrl}/healthz`, { signal, ...(headers && { headers }) });
    return healthSchema.parse(await answer.json()).model.id;
  } catch {
    return null; // nobody there, or nobody who says so
  }
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
