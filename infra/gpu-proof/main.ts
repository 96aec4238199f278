// `npm run gpu-proof:pack`: packs two archives for a machine with an H100 or H200 that has only Python and torch.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { projectCommand, runCommand } from "../../gpu-fn/src/cli/command.ts";
import { runtimeFolder } from "../../gpu-fn/src/device/provider.ts";
import { fetchProvider } from "../rehearsal/cuda/prepare.ts";
import { copyEngine } from "./packages.ts";
import { prune } from "./prune.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The architecture of an H100 and an H200. */
const ARCHITECTURE = 90;

/** Maximum size of one transfer to such a machine. */
const LARGEST = 64 * 2 ** 20;

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Puts the provider's libraries beside the archive's runtime, without code for other GPUs. */
function stageProvider(folder: string): void {
  const provider = fetchProvider(say);
  const beside = join(folder, relative(ROOT, runtimeFolder()));
  const libraries = join(folder, "lib");
  for (const made of [beside, libraries]) mkdirSync(made, { recursive: true });
  const cuda = readFileSync(join(provider.folder, "libonnxruntime_providers_cuda.so"));
  const { binaries, kept, erased } = prune(cuda, ARCHITECTURE);
  say(`${binaries} fat binaries: ${mb(kept)} of code stay, ${mb(erased)} go`);
  writeFileSync(join(beside, "libonnxruntime_providers_cuda.so"), cuda, { mode: 0o755 });
  const shared = "libonnxruntime_providers_shared.so";
  copyFileSync(join(provider.folder, shared), join(beside, shared));
  // torch no longer contains cuRAND, and nothing here draws numbers with it
  copyFileSync(join(provider.stubs, "libcurand.so.10"), join(libraries, "libcurand.so.10"));
}

function stageEngine(folder: string): void {
  copyEngine(folder);
  mkdirSync(join(folder, "bin"));
  cpSync(process.execPath, join(folder, "bin/node"));
}

const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function run({ fast }: { readonly fast?: boolean }): void {
  const out = resolve(ROOT, "dist/gpu-proof");
  rmSync(out, { recursive: true, force: true });
  for (const [name, stage] of [
    ["provider", stageProvider],
    ["engine", stageEngine],
  ] as const) {
    const folder = join(out, name);
    mkdirSync(folder, { recursive: true });
    stage(folder);
    const archive = `${folder}.tar.xz`;
    say(`packing ${name} …`);
    const packing = fast ? "xz -0" : "xz -6";
    execFileSync("tar", ["-I", packing, "-C", folder, "-cf", archive, "."], { stdio: "inherit" });
    const { size } = statSync(archive);
    const wrong = size > LARGEST;
    process.stdout.write(`${mb(size).padStart(9)}  ${archive}${wrong ? "  TOO LARGE" : ""}\n`);
    if (wrong && !fast) process.exitCode = 1;
  }
}

await runCommand(
  projectCommand(
    "gpu-proof:pack",
    "Pack the proof of FLUX.1-dev on one H100 or H200 into two archives of at most 64 MiB.",
  )
    .option("--fast", "compress less, to try the archives here")
    .action(run),
);
