import { setTimeout as delay } from "node:timers/promises";
import { type GpuHealth, gpuHealthSchema } from "../../../shared/gpu.ts";
import { type GpuFunction, ModalError } from "./function.ts";

/** Modal's proxy token; without it, the function's health cannot be read. */
export interface ProxyToken {
  readonly key: string;
  readonly secret: string;
}

/** The proxy token in the environment, `MODAL_KEY` and `MODAL_SECRET`, as for the worker. */
export function proxyToken({ MODAL_KEY: key, MODAL_SECRET: secret } = process.env): ProxyToken | null {
  return key === undefined || secret === undefined ? null : { key, secret };
}

export interface Waiting {
  readonly everyMs: number;
  readonly timeoutMs: number;
}

const WAITING: Waiting = { everyMs: 2_000, timeoutMs: 900_000 };
const HEALTH_MS = 30_000;

/**
 * Keeps so many containers and waits until they run; with a proxy token, also until a model is warm. With zero, the
 * function scales to zero again, and nothing is waited for.
 * @throws ModalError if they do not start in time, or the model cannot be loaded
 */
export async function warm(
  gpu: GpuFunction,
  containers: number,
  token: ProxyToken | null,
  say: (line: string) => void,
  { everyMs, timeoutMs } = WAITING,
): Promise<void> {
  await gpu.autoscaler({ minContainers: containers });
  if (containers === 0) return say("no container is kept: it scales to zero when idle");
  const until = Date.now() + timeoutMs;
  const pause = async (what: string) => {
    if (Date.now() > until) throw new ModalError(`${what} after ${timeoutMs / 60_000} minutes`);
    await delay(everyMs);
  };
  for (let shown = -1; ; ) {
    const { containers: running } = await gpu.load();
    if (running !== shown) say(`${running} of ${containers} containers`);
    shown = running;
    if (running >= containers) break;
    await pause(`${running} of ${containers} containers`);
  }
  if (token === null) return say("MODAL_KEY and MODAL_SECRET are not set, so its health is not checked");
  for (;;) {
    const health = await healthOf(gpu.url, token);
    if (health !== null) say(described(health));
    if (health?.status === "ready") return;
    if (health?.status === "failed")
      throw new ModalError("the model cannot be loaded: see `modal app logs flux-sculptor`");
    await pause(health === null ? "no answer" : health.status);
  }
}

/** The function's health; null if it does not answer. @throws ModalError if the token is refused */
export async function healthOf(url: string, { key, secret }: ProxyToken): Promise<GpuHealth | null> {
  const headers = { "Modal-Key": key, "Modal-Secret": secret };
  const answer = await fetch(new URL("/healthz", url), {
    headers,
    signal: AbortSignal.timeout(HEALTH_MS),
  }).catch(() => null); // starting, or ended: the caller retries
  if (answer?.status === 401) throw new ModalError("Modal's proxy refuses MODAL_KEY and MODAL_SECRET");
  return answer?.ok ? gpuHealthSchema.parse(await answer.json()) : null;
}

/** A line such as `warming (starting 0.3 s, loading 12.1 s, warming 0.8 s)`. */
export function described({ status, phases, busy, model }: GpuHealth): string {
  const times = phases.map(({ phase, ms }) => `${phase} ${(ms / 1000).toFixed(1)} s`).join(", ");
  const name = model === null ? "" : `, ${model.id} ${model.version}`;
  return `${status}${busy ? ", busy" : ""}${name}${times === "" ? "" : ` (${times})`}`;
}
