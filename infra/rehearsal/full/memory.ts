/** This process's use of the machine's memory, as Linux reports it. */
import { readFileSync } from "node:fs";

const KIB = 1024;
const EVERY_MS = 200;

/** Free memory below which a rehearsal ends, before the system kills another process. */
const LEAST_LEFT = 2 ** 30;

export interface Held {
  /** Bytes private to this process: the memory that its arithmetic needs. */
  readonly own: number;
  /** The same plus pages of mapped files, which the system may drop at any time. */
  readonly resident: number;
}

/** One value of a file such as /proc/meminfo, in bytes. */
function amount(file: string, name: string): number {
  const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8")) ?? [];
  return KIB * Number(kibibytes);
}

/** Tracks the peak. @param exhausted called once if almost no memory is left */
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
