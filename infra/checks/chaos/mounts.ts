import { spawnSync } from "node:child_process";

/** Set in a process that has its own mount namespace. */
const INSIDE = "CHAOS_MOUNTS";

/** Ways to a mount namespace in which this process may mount: with the rights it has, or as root of a user namespace. */
const WAYS = [
  { args: ["--mount", "--propagation", "private"], name: "a tmpfs in its own mount namespace" },
  {
    args: ["--user", "--map-root-user", "--mount", "--propagation", "private"],
    name: "a tmpfs in its own user and mount namespace, without root",
  },
] as const;

/** How disks are made here; null if this process may not mount. */
export const mounting = (): string | null => process.env[INSIDE] ?? null;

/**
 * Goes on as the same command in a mount namespace of its own, where the system lets it: small disks can be mounted
 * there, nobody else sees them, and they end with the last process. Returns if that is done already, or this system or
 * this Node (execve came with 22.15) cannot.
 */
export function enterMounts(): void {
  if (mounting() !== null || process.platform !== "linux") return;
  const way = WAYS.find(({ args }) => mayMount(args));
  if (way === undefined) return;
  const args = [...way.args, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(pathOf("unshare"), ["unshare", ...args], { ...process.env, [INSIDE]: way.name });
}

const mayMount = (args: readonly string[]) =>
  spawnSync("unshare", [...args, "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

const pathOf = (command: string) =>
  spawnSync("sh", ["-c", `command -v ${command}`], { encoding: "utf8" }).stdout.trim();
