import { createInterface } from "node:readline";
import { type Child, type ChildOptions, startChild } from "./child.ts";

/** A part of the stack: a process that is restarted whenever it dies or stops answering. */
export interface Part {
  readonly name: string;
  /** The current process group. */
  pid(): number;
  stop(graceMs: number): Promise<void>;
}

export interface PartOptions extends ChildOptions {
  readonly name: string;
  /** A request that a working process answers with 2xx. */
  readonly health: Request;
  /** Maximum wait for that answer, in milliseconds; an overloaded process is slow but not stalled. */
  readonly patienceMs: number;
  readonly say: (line: string) => void;
  /** Called with each line of its standard output. */
  readonly hear?: (line: string) => void;
}

/** First pause before a restart; it doubles, up to the maximum, while the process keeps dying early. */
const PAUSE_MS = { first: 200, longest: 5_000 } as const;
const YOUNG_MS = 20_000;

/** A process is stalled after so many unanswered health requests in a row. */
const HEALTH = { everyMs: 1_000, misses: 3, startMs: 180_000 } as const;

/** Starts a part and keeps it running until it is stopped. */
export function supervise({ name, health, patienceMs, say, hear, ...options }: PartOptions): Part {
  const start = () => {
    const started = startChild(options);
    if (hear !== undefined) createInterface(started.output).on("line", hear);
    return started;
  };
  let child = start();
  let pause: number = PAUSE_MS.first;
  const stopping = new AbortController();

  const watch = async () => {
    while (!stopping.signal.aborted) {
      const born = Date.now();
      const life = new AbortController();
      endWhenStalled(
        child,
        () => isUp(health, patienceMs),
        AbortSignal.any([life.signal, stopping.signal]),
        () => say(`${name} does not answer: ending it`),
      );
      await child.ended;
      life.abort();
      if (stopping.signal.aborted) return;
      pause = Date.now() - born > YOUNG_MS ? PAUSE_MS.first : Math.min(pause * 2, PAUSE_MS.longest);
      say(`${name} ended: starting it again`);
      await sleep(pause, stopping.signal);
      if (!stopping.signal.aborted) child = start();
    }
  };
  const watching = watch();

  return {
    name,
    pid: () => child.pid,
    stop: async (graceMs) => {
      stopping.abort();
      await child.stop(graceMs);
      await watching;
    },
  };
}

/** Kills a child that does not answer (stopped, deadlocked, or without its runtime). */
async function endWhenStalled(
  child: Child,
  isHealthy: () => Promise<boolean>,
  over: AbortSignal,
  onStall: () => void,
): Promise<void> {
  let misses = 0;
  let answered = false;
  const born = Date.now();
  while (true) {
    await sleep(HEALTH.everyMs, over);
    if (over.aborted) return;
    const healthy = await isHealthy();
    if (over.aborted) return;
    answered ||= healthy;
    const starting = !answered && Date.now() - born < HEALTH.startMs;
    misses = healthy || starting ? 0 : misses + 1;
    if (misses < HEALTH.misses) continue;
    onStall();
    await child.stop(0);
    return;
  }
}

/** Whether a request is answered with 2xx in time. */
export async function isUp(request: Request, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await fetch(request.clone(), { signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false; // refused, reset or too late
  }
}

/** Waits, at most until the signal; never throws. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
  });
}
