// `npm run rehearse:width`: FLUX's parts at full width, in few blocks and with random weights, against diffusers and
// transformers: what small parity cases cannot show.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Option } from "commander";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { compare, PARTS, type Part } from "./compare.ts";

const ROOT = join(import.meta.dirname, "../../..");
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** Largest error, relative, of the same sums in another order. */
const LARGEST = 1e-5;

/** Python with the references' packages, installed once. */
function python(folder: string): string {
  const venv = join(folder, "venv");
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

async function run({ part }: { readonly part?: Part }): Promise<void> {
  const home = resolve(process.env.STATE_DIR ?? join(ROOT, ".state"), "rehearsal");
  const manifest = await readManifest(join(ROOT, "gpu-fn/models/flux-dev/manifest.json"));
  const folder = join(home, "width");
  for (const each of part === undefined ? PARTS : [part]) {
    mkdirSync(folder, { recursive: true });
    const script = join(import.meta.dirname, "reference.py");
    const said = execFileSync(python(home), [script, each, folder], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    for (const [name, error] of await compare[each](folder, manifest)) {
      const wrong = error > LARGEST;
      process.stdout.write(`${name.padEnd(44)}${error.toExponential(1)}${wrong ? "  WRONG" : ""}\n`);
      if (wrong) process.exitCode = 1;
    }
    for (const [name, error] of Object.entries<number>(JSON.parse(said)))
      process.stdout.write(`  ${`the reference itself in ${name}`.padEnd(42)}${error.toExponential(1)}\n`);
    // weights of full width: nothing of them is needed again
    rmSync(folder, { recursive: true });
  }
}

await runCommand(
  projectCommand(
    "rehearse:width",
    "FLUX's parts at full width against diffusers and transformers, in float32 on the processor.",
  )
    .addOption(new Option("--part <part>", "one of them alone").choices(PARTS))
    .action(run),
);
