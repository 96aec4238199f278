import { spawn } from "node:child_process";
import { join } from "node:path";

const CLI = join(import.meta.dirname, "edit.ts");

/** The first line a command prints if the moderation policies are off, as in most tests. */
const OFF = /^MODERATION IS OFF [^\n]*\n/;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in a process of its own, as a user would, but without a terminal. */
export function runEdit(
  args: readonly string[],
  { env = {}, interruptWhen }: { env?: Record<string, string>; interruptWhen?: Promise<unknown> } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn("node", [CLI, ...args], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (chunk) => {
        said[name] += chunk;
      });
    void interruptWhen?.then(() => child.kill("SIGINT"));
    child.on("close", (code) => resolve({ code, ...said, stderr: said.stderr.replace(OFF, "") }));
  });
}
