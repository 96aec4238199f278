import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Limits of a decoding process. */
export interface DecoderLimits {
  /** Private memory in bytes; the largest photos of all formats take up to 900 MB. */
  readonly memoryBytes: number;
  /** Longest time for one picture, in milliseconds. */
  readonly timeMs: number;
}

export const DECODER_LIMITS: DecoderLimits = { memoryBytes: 1.25 * 2 ** 30, timeMs: 30_000 };

/** Which limits are enforced on this system. */
export interface HeldLimits {
  /** How memory is limited: by the kernel, by watching the process, or not at all. */
  readonly memory: "kernel" | "watched" | "none";
  readonly timeout: true;
  /** Whether the process has no network, not even the loopback interface. */
  readonly no_network: boolean;
}

/** Enters a separate network namespace without connections, as the same user. */
const OFFLINE = ["unshare", "--user", "--map-current-user", "--net"];

let offline: boolean | undefined;

/** Whether this system allows a network namespace without root; containers often do not. */
function canBeOffline(): boolean {
  if (process.platform !== "linux") return false;
  const [command = "", ...args] = OFFLINE;
  offline ??= spawnSync(command, [...args, "true"], { stdio: "ignore", timeout: 5_000 }).status === 0;
  return offline;
}

export function heldLimits(): HeldLimits {
  const watched = process.platform === "linux" || process.platform === "darwin";
  const memory = process.platform === "linux" ? "kernel" : watched ? "watched" : "none";
  return { memory, timeout: true, no_network: canBeOffline() };
}

/**
 * A command under the limits: without a network, and with `ulimit` on the data segment. On Linux the kernel counts all
 * private writable memory against it; elsewhere that is not enforced, and the memory is watched.
 */
export function limited(command: readonly string[], { memoryBytes }: DecoderLimits): [string, ...string[]] {
  const kilobytes = String(Math.floor(memoryBytes / 1024));
  const script = 'ulimit -c 0; ulimit -d "$1" 2>/dev/null; shift; exec "$@"';
  const [first = "/bin/sh", ...rest] = [
    ...(canBeOffline() ? OFFLINE : []),
    ...["/bin/sh", "-c", script, "sh", kilobytes, ...command],
  ];
  return [first, ...rest];
}

/** Resident memory of a process in bytes; null if this system does not report it. */
export function residentBytes(pid: number): number | null {
  try {
    if (process.platform === "linux")
      return 4096 * Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
    return stdout.trim() === "" ? null : 1024 * Number(stdout);
  } catch {
    return null; // it has just ended
  }
}

/** This process's limit of the data segment in bytes; null if there is none, or this system does not report it. */
export function ownDataLimit(): number | null {
  if (process.platform !== "linux") return null;
  const line = /^Max data size\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
  return line === null || line[1] === "unlimited" ? null : Number(line[1]);
}
