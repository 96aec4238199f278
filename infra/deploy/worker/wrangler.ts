import { spawn } from "node:child_process";
import { join } from "node:path";

/** A wrangler command's exit status and both of its outputs. */
export interface Said {
  readonly ok: boolean;
  readonly output: string;
  /** Standard output only; it is JSON if JSON was requested. */
  readonly stdout: string;
}

export type Wrangler = (args: readonly string[]) => Promise<Said>;

const ROOT = join(import.meta.dirname, "../../..");

/** The project's own wrangler, not one on PATH. */
export const WRANGLER = [process.execPath, join(ROOT, "node_modules/wrangler/bin/wrangler.js")] as const;

/** Runs wrangler commands in the repository's root, without prompts: standard input is closed. */
export function wranglerAt([command, ...first]: readonly [string, ...string[]]): Wrangler {
  const plain = { CI: "1", NO_COLOR: "1", FORCE_COLOR: "0", WRANGLER_HIDE_BANNER: "true" };
  return (args) =>
    new Promise((resolve, reject) => {
      const child = spawn(command, [...first, ...args], {
        cwd: ROOT,
        env: { ...process.env, ...plain },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [output, stdout] = ["", ""];
      child.stdout.on("data", (chunk) => {
        output += chunk;
        stdout += chunk;
      });
      child.stderr.on("data", (chunk) => (output += chunk));
      child.once("error", reject);
      child.once("close", (status) => resolve({ ok: status === 0, output, stdout }));
    });
}
