import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A command that runs, with all its descendants, in its own process group. */
export interface Child {
  readonly pid: number;
  /** Its standard output, unless a log file takes it. */
  readonly output: Readable;
  /** Resolves when the command has ended and no process of its group runs: the exit status, or null after a signal. */
  readonly ended: Promise<number | null>;
  /** Sends SIGTERM to the group, and SIGKILL after `graceMs` milliseconds. */
  stop(graceMs: number): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** File to which standard output and error are appended. */
  readonly log?: string;
}

/** Longest wait for the rest of a killed group: dead processes stay in it until init has reaped them. */
const SWEEP_MS = 300;

const LEASH = join(import.meta.dirname, "leash.sh");

/** Starts a command that never outlives this process, however this process ends. */
export function startChild({ command, args, env, log }: ChildOptions): Child {
  const child = spawn("/bin/sh", [LEASH, command, ...args], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("/bin/sh did not start");
  child.stdin.on("error", () => {}); // the pipe is only closed, never written to
  if (log !== undefined) {
    const file = createWriteStream(log, { flags: "a", mode: 0o600 });
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
  } else {
    child.stderr.resume();
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", async (status) => {
      const deadline = Date.now() + SWEEP_MS;
      while (signal(pid, "SIGKILL") && Date.now() < deadline) await sleep(10);
      resolve(status);
    });
  });
  const stop = async (graceMs: number) => {
    signal(pid, "SIGTERM");
    await Promise.race([ended, sleep(graceMs)]);
    signal(pid, "SIGKILL");
    await ended;
  };
  return { pid, output: child.stdout, ended, stop };
}

/** Signals a group. @returns whether the group existed */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
