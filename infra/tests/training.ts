// `npm run test:training`: the tests of gpu-fn/training in a separate Python environment, .training/venv-tests. It uses the
// packages of the training's environment where it can, and never changes that environment.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const TRAINING = join(ROOT, "gpu-fn/training");
const VENV = join(ROOT, ".training/venv-tests");
const PYTHON = join(VENV, "bin/python");
const REQUIREMENTS = ["requirements.txt", "requirements-dev.txt"].map((name) => join(TRAINING, name));

const say = (line: string) => void process.stderr.write(`${line}\n`);

function run(command: string, args: readonly string[], cwd = ROOT): number {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (error) say(`${command}: ${error.message}`);
  return status ?? 1;
}

/** The first interpreter that is new enough. */
function interpreter(): string | undefined {
  const recent = "import sys; sys.exit(sys.version_info < (3, 11))";
  return ["python3", "python3.13", "python3.12", "python3.11"].find(
    (name) => spawnSync(name, ["-c", recent]).status === 0,
  );
}

/** The package folder of an environment; undefined if there is none. */
function packagesOf(venv: string): string | undefined {
  const lib = join(venv, "lib");
  const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith("python3")) : undefined;
  return python && join(lib, python, "site-packages");
}

/** Whether the environment exists and matches the current requirements. */
function ready(): boolean {
  const stamp = join(VENV, "requirements.installed");
  return existsSync(PYTHON) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted();
}

function wanted(): string {
  return REQUIREMENTS.map((path) => readFileSync(path, "utf8")).join("");
}

function install(): boolean {
  say("installing the Python packages of the training's tests …");
  const python = interpreter();
  if (!python) {
    say("Python 3.11 or newer is needed here");
    return false;
  }
  if (!existsSync(PYTHON) && run(python, ["-m", "venv", VENV]) !== 0) return false;
  const training = packagesOf(join(ROOT, ".training/venv"));
  const own = packagesOf(VENV);
  if (own && training?.split("/").at(-2) === own.split("/").at(-2)) {
    writeFileSync(join(own, "training.pth"), `${training}\n`);
  }
  const files = REQUIREMENTS.flatMap((path) => ["-r", path]);
  if (run(PYTHON, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...files]) !== 0)
    return false;
  writeFileSync(join(VENV, "requirements.installed"), wanted());
  return true;
}

process.exitCode =
  ready() || install()
    ? run(
        PYTHON,
        ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", ...process.argv.slice(2)],
        TRAINING,
      )
    : 1;
