/** Python with the reference packages: torch, diffusers and transformers. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearsals } from "./home.ts";

const REQUIREMENTS = join(import.meta.dirname, "width/requirements.txt");

/** Path of the interpreter; installed once. @throws Error if venv, pip or PyPI is missing */
export function python(): string {
  const venv = join(rehearsals(), "venv");
  const stamp = join(venv, "requirements.installed");
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  const program = join(venv, "bin/python");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return program;
  process.stderr.write("installing torch, diffusers and transformers from PyPI …\n");
  const run = (command: string, ...args: string[]) => {
    if (spawnSync(command, args, { stdio: ["ignore", 2, "inherit"] }).status !== 0)
      throw new Error("Python 3.11 or newer with venv and pip, and PyPI, are needed");
  };
  if (!existsSync(program)) run("python3", "-m", "venv", venv);
  run(program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS);
  writeFileSync(stamp, wanted);
  return program;
}
