import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a process that decodes may take. */
export interface DecoderLimits {
  /** Bytes of memory of its own; the largest photos of all formats take up to 900 MB. */
  readonly memoryBytes: number;
  /** Longest time of one picture, in milliseconds. */
  readonly timeMs: number;
}

export const DECODER_LIMITS: DecoderLimits = { memoryBytes: 1.25 * 2 ** 30, timeMs: 30_000 };

/** Which limits hold on this system. */
export interface HeldLimits {
  /** How memory is limited: by the kernel, by looking at it as it works, or not at all. */
  readonly memory: "kernel" | "watched" | "none";
  readonly timeout: true;
  /** Whether it has no network, not even this machine's own. */
  readonly no_network: boolean;
}

/** Enters a network of its own, with no way out, as the same user. */
const OFFLINE = ["unshare", "--user", "--map-current-user", "--net"];

let offline: boolean | undefined;

/** Whether this system lets a process have a network of its own without being root; containers often do not. */
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
 * A command under the limits: the data segment by `ulimit` (on Linux the kernel counts all writable memory of its own
 * against it; elsewhere that is not enforced, and memory is looked at), and no network.
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

/** Bytes in memory of a process now; null if this system does not say. */
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

/** The data segment's limit of this process in bytes; null if there is none, or this system does not say. */
export function ownDataLimit(): number | null {
  if (process.platform !== "linux") return null;
  const line = /^Max data size\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
  return line === null || line[1] === "unlimited" ? null : Number(line[1]);
}
