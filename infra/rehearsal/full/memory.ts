/** What this process holds of the machine's memory, from Linux's own accounts. */
import { readFileSync } from "node:fs";

const KIB = 1024;
const EVERY_MS = 200;

/** Of memory that is left, below which a rehearsal ends before the machine ends something else. */
const LEAST_LEFT = 2 ** 30;

export interface Held {
  /** Bytes that only this process has: what its arithmetic needs. */
  readonly own: number;
  /** The same with the pages of mapped files, which the machine may drop when it wants them back. */
  readonly resident: number;
}

/** One amount of a file such as /proc/meminfo, in bytes. */
function amount(file: string, name: string): number {
  const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8")) ?? [];
  return KIB * Number(kibibytes);
}

/** Follows the most that is held. @param exhausted called, once, where the machine has hardly any memory left */
export function followMemory(exhausted: () => void): { most(): Held; stop(): void } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, amount("/proc/self/status", "RssAnon"));
    if (amount("/proc/meminfo", "MemAvailable") > LEAST_LEFT) return;
    clearInterval(timer);
    exhausted();
  }, EVERY_MS);
  return {
    most: () => ({ own: most, resident: amount("/proc/self/status", "VmHWM") }),
    stop: () => clearInterval(timer),
  };
}
