import { spawn } from "node:child_process";
import { join } from "node:path";

/** How a wrangler command ended, and all that it printed, both outputs. */
export interface Said {
  readonly ok: boolean;
  readonly output: string;
  /** Standard output alone: what is JSON where JSON was asked for. */
  readonly stdout: string;
}

export type Wrangler = (args: readonly string[]) => Promise<Said>;

const ROOT = join(import.meta.dirname, "../../..");

/** The project's own wrangler, whatever lies on PATH. */
export const WRANGLER = [process.execPath, join(ROOT, "node_modules/wrangler/bin/wrangler.js")] as const;

/** Runs wrangler commands in the repository's root. They ask nothing: there is nobody at their input. */
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
