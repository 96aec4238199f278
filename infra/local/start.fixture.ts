import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");

const readySchema = z.strictObject({ url: z.url(), api_key: z.string(), admin_key: z.string() });

/** `npm start` as a user would run it. */
export interface Started {
  readonly process: ChildProcess;
  /** Everything printed so far, on both outputs. */
  printed(): string;
  readonly exited: Promise<number | null>;
}

export function npmStart(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ["infra/run.mjs", "infra/local/main.ts"], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const output of [child.stdout, child.stderr]) output.on("data", (chunk) => (text += chunk));
  return {
    process: child,
    printed: () => text,
    exited: new Promise((resolve) => child.once("exit", resolve)),
  };
}

/** Waits for READY_FILE; returns its content and mode. @throws Error if the start ends or takes over a minute */
export async function readiness(started: Started, file: string) {
  const deadline = Date.now() + 60_000;
  while (!existsSync(file)) {
    if (started.process.exitCode !== null || Date.now() > deadline) throw new Error(started.printed());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ...readySchema.parse(JSON.parse(readFileSync(file, "utf8"))),
    mode: statSync(file).mode & 0o777,
  };
}

/** The running descendants of a process. */
export function descendantsOf(pid: number): number[] {
  const children = livingProcesses().filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child.pid, ...descendantsOf(child.pid)]);
}

/** The processes among these that still run. */
export function stillAlive(pids: readonly number[]): number[] {
  const living = new Set(livingProcesses().map(({ pid }) => pid));
  return pids.filter((pid) => living.has(pid));
}

function livingProcesses(): { pid: number; parent: number }[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , status = "Z"]) => !status.startsWith("Z"))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}
