import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
export const DECODER_LIMITS = { memoryBytes: 1.25 * 2 ** 30, timeMs: 30000 };
/** Enters a network of its own, with no way out, as the same user. */
const OFFLINE = ["unshare", "--user", "--map-current-user", "--net"];
let offline;
/** Whether this system lets a process have a network of its own without being root; containers often do not. */
function canBeOffline() {
  if (process.platform !== "linux") return false;
  const [command = "", ...args] = OFFLINE;
  offline ??= spawnSync(command, [...args, "true"], { stdio: "ignore", timeout: 5000 }).status === 0;
  return offline;
}
export function heldLimits() {
  const watched = process.platform === "linux" || process.platform === "darwin";
  const memory = process.platform === "linux" ? "kernel" : watched ? "watched" : "none";
  return { memory, time: true, no_network: canBeOffline() };
}
/**
 * A command under the limits: the data segment by `ulimit` (on Linux the kernel counts all writable memory of its own
 * against it; elsewhere that is not enforced, and memory is looked at), and no network.
 */
export function limited(command, { memoryBytes }) {
  const kilobytes = String(Math.floor(memoryBytes / 1024));
  const script = 'ulimit -c 0; ulimit -d "$1" 2>/dev/null; shift; exec "$@"';
  const [first = "/bin/sh", ...rest] = [
    ...(canBeOffline() ? OFFLINE : []),
    ...["/bin/sh", "-c", script, "sh", kilobytes, ...command],
  ];
  return [first, ...rest];
}
/** Bytes in memory of a process now; null where this system does not say. */
export function residentBytes(pid) {
  try {
    if (process.platform === "linux")
      return 4096 * Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
    return stdout.trim() === "" ? null : 1024 * Number(stdout);
  } catch {
    return null; // it has just ended
  }
}
/** The data segment's limit of this process in bytes; null where there is none, or this system does not say. */
export function ownDataLimit() {
  if (process.platform !== "linux") return null;
  const line = /^Max data size\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
  return line === null || line[1] === "unlimited" ? null : Number(line[1]);
}
