// `npm run rehearse:proof`: unpacks both archives of `npm run gpu-proof:pack` in another folder and runs the proof there with
// a small model on the processor. The packed files, both sides and their protocol are the real ones.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectCommand, runCommand } from "../../gpu-fn/src/cli/command.ts";
import { InputError } from "../../gpu-fn/src/errors.ts";
import { writeScaledManifest } from "../../gpu-fn/src/weights/scaled-model.fixture.ts";
import { python } from "../rehearsal/python.ts";

const PACKED = join(import.meta.dirname, "../../dist/gpu-proof");

async function run(): Promise<void> {
  const archives = ["provider", "engine"].map((name) => join(PACKED, `${name}.tar.xz`));
  if (!archives.every((archive) => existsSync(archive)))
    throw new InputError("option_invalid", "there are no archives: run npm run gpu-proof:pack first");
  const program = python();
  const folder = mkdtempSync(join(tmpdir(), "flux-proof-"));
  try {
    const machine = join(folder, "machine");
    mkdirSync(machine);
    for (const archive of archives)
      execFileSync(program, ["-m", "tarfile", "-e", archive, machine], { stdio: "inherit" });
    const manifest = join(folder, "scaled/manifest.json");
    await writeScaledManifest(join(folder, "scaled"));
    // the reference's CLIP has FLUX's proportions
    const described = JSON.parse(readFileSync(manifest, "utf8"));
    described.clip.config.intermediate_size = 4 * described.clip.config.hidden_size;
    writeFileSync(manifest, JSON.stringify(described));
    const script = join(machine, "infra/gpu-proof/machine/prove.py");
    const small = ["--device", "cpu", "--manifest", manifest, "--out", folder];
    // nothing else of this machine is visible: no Node on PATH, no package of the checkout, no NumPy beside torch
    const absent = join(folder, "absent");
    mkdirSync(absent);
    writeFileSync(join(absent, "numpy.py"), "raise ModuleNotFoundError(\"No module named 'numpy'\")\n");
    const { status } = spawnSync(program, [script, ...small], {
      cwd: machine,
      stdio: "inherit",
      env: { PATH: "/usr/bin:/bin", HOME: folder, PYTHONPATH: absent },
    });
    if (status !== 0 || !existsSync(join(folder, "edited.png"))) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await runCommand(
  projectCommand("rehearse:proof", "Run the packed proof with a small model on the processor.").action(run),
);
