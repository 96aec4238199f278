import { spawn, spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Schemathesis, installed once under a folder.
 * @returns the absolute path of the folder to give Python as its path
 * @throws Error if there is no fitting Python or no network
 */
export function installed(folder: string): string {
  const target = resolve(folder, "schemathesis");
  if (existsSync(join(target, "schemathesis"))) return target;
  process.stderr.write("installing Schemathesis …\n");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
  const limits = ["--require-hashes", "--only-binary=:all:"];
  const requirements = join(import.meta.dirname, "requirements.txt");
  const { status } = spawnSync("python3", [...pip, ...limits, "--target", target, "-r", requirements], {
    stdio: ["ignore", 2, "inherit"],
  });
  if (status !== 0) {
    // a partial installation must not break the next run
    rmSync(target, { recursive: true, force: true });
    throw new Error(
      "Schemathesis could not be installed: Python 3.11 or newer with pip, and the network, are needed",
    );
  }
  return target;
}

/** Runs `schemathesis` with these arguments; its exit status. */
export function schemathesis(target: string, args: readonly string[], cwd: string): Promise<number> {
  const child = spawn("python3", ["-m", "schemathesis.cli", ...args], {
    cwd,
    env: { ...process.env, PYTHONPATH: target },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((end, reject) => {
    child.once("error", reject);
    child.once("exit", (status) => end(status ?? 1));
  });
}
