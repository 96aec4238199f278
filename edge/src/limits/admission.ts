import type { Id } from "../../../shared/ids.ts";
import type { Settings } from "../env.ts";
import { Refusal } from "../problem.ts";
import { type Backlog, backlogOf } from "./backlog.ts";
import { overrunMs, windowOf } from "./expected-wait.ts";
import { PromisedTimes } from "./promised-times.ts";

/** Pace assumed for spreading refused clients if none is known, in milliseconds per credit. */
const UNKNOWN_MS = 1_000;

const promised = new WeakMap<Settings, PromisedTimes>();

/** How late the backlog would make an account's edit, in milliseconds; null if it is in time or unknown. */
export async function overrunOf(
  settings: Settings,
  account: Id<"acct">,
  credits: number,
  deadlineMs: number,
): Promise<number | null> {
  const backlog = await backlogOf(settings)?.read();
  if (!backlog) return null;
  const { GPU_CONTAINERS: containers } = settings;
  return overrunMs(backlog, { account, credits, deadlineMs }, { containers, window: windowOf(containers) });
}

/** Seconds that the GPUs need for the known backlog. */
export async function backlogSeconds(settings: Settings): Promise<number> {
  const backlog = await backlogOf(settings)?.read();
  if (!backlog?.msPerCredit) return 0;
  return (creditsOf(backlog) * backlog.msPerCredit) / settings.GPU_CONTAINERS / 1000;
}

/** Refusal of an edit that would be too late: retry once the backlog is that much shorter, one client after another. */
export function busyUntil(settings: Settings, lateMs: number, credits: number): Refusal {
  const backlog = backlogOf(settings)?.latest;
  const gapMs = ((backlog?.msPerCredit ?? UNKNOWN_MS) * credits) / settings.GPU_CONTAINERS;
  const times = promised.get(settings) ?? new PromisedTimes();
  promised.set(settings, times);
  const maxMs = Math.max(lateMs, (gapMs * (backlog ? creditsOf(backlog) : 0)) / credits);
  const seconds = times.next({ firstMs: lateMs, gapMs, maxMs });
  return new Refusal("gpu_unavailable", "more waits than the GPUs can do before this edit's deadline", {
    headers: { "Retry-After": String(seconds) },
  });
}

const creditsOf = ({ credits }: Backlog) => [...credits.values()].reduce((sum, open) => sum + open, 0);
