import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A command that runs with all its descendants in a process group of its own. */
export interface Child {
  readonly pid: number;
  /** Its standard output, where no log file takes it. */
  readonly output: Readable;
  /** The exit status once the command has ended and nothing of its group runs; null after a signal. */
  readonly ended: Promise<number | null>;
  /** Asks the group to end and makes it so after `graceMs` milliseconds. */
  stop(graceMs: number): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** File that standard output and error are appended to. */
  readonly log?: string;
}

/** Longest wait for what a killed command leaves behind: the dead stay in their group until init has seen them. */
const SWEEP_MS = 300;

const LEASH = join(import.meta.dirname, "leash.sh");

/** Starts a command that does not outlive this process, however it ends. */
export function startChild({ command, args, env, log }: ChildOptions): Child {
  const child = spawn("/bin/sh", [LEASH, command, ...args], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("/bin/sh did not start");
  child.stdin.on("error", () => {}); // the pipe is there to be closed, not to be written
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

/** Signals a group; whether there was one. */
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
