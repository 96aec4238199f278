// `npm run test:modal`: the deployment on Modal against a fake of its API, and the Dockerfile's linter. Modal's Python client
// and hadolint are installed once, in a separate environment under the state folder.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");
const VENV = resolve(process.env.STATE_DIR ?? join(ROOT, ".state"), "modal-venv");
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
const STAMP = join(VENV, "requirements.installed");

/** Whether a command succeeded; its output goes to standard error. */
function ran(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: ROOT, stdio: ["ignore", 2, "inherit"] }).status === 0;
}

function installed(): boolean {
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return true;
  process.stderr.write("installing Modal's client and hadolint …\n");
  rmSync(VENV, { recursive: true, force: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
  const limits = ["--require-hashes", "--only-binary=:all:"];
  const done =
    ran("python3", ["-m", "venv", VENV]) &&
    ran(join(VENV, "bin/python"), [...pip, ...limits, "-r", REQUIREMENTS]);
  if (done) writeFileSync(STAMP, wanted);
  return done;
}

if (installed()) {
  const { status } = spawnSync("vitest", ["run", "--config", "infra/deploy/modal/vitest.config.ts"], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, MODAL_VENV: VENV },
  });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write("error: Python 3.11 or newer with venv and pip, and PyPI, are needed\n");
  process.exitCode = 1;
}
