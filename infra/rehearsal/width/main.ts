// `npm run rehearse:width`: FLUX's parts at full width, with few blocks and random weights, compared with diffusers and
// transformers. Small parity cases cannot show errors of width.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Option } from "commander";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { rehearsals } from "../home.ts";
import { python } from "../python.ts";
import { compare, PARTS, type Part } from "./compare.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Maximum relative error: that of the same sums in another order. */
const LARGEST = 1e-5;

async function run({ part }: { readonly part?: Part }): Promise<void> {
  const manifest = await readManifest(join(ROOT, "gpu-fn/models/flux-dev/manifest.json"));
  const folder = join(rehearsals(), "width");
  for (const each of part === undefined ? PARTS : [part]) {
    mkdirSync(folder, { recursive: true });
    const script = join(import.meta.dirname, "reference.py");
    const said = execFileSync(python(), [script, each, folder], {
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
    // full-width weights are large, and not needed again
    rmSync(folder, { recursive: true });
  }
}

await runCommand(
  projectCommand(
    "rehearse:width",
    "Compare FLUX's parts at full width with diffusers and transformers, in float32 on the processor.",
  )
    .addOption(new Option("--part <part>", "only this part").choices(PARTS))
    .action(run),
);
