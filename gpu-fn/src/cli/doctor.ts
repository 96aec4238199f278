// `npm run doctor -- MODEL --dir DIR`: checks that a folder's weights match the model's manifest.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Diagnosis, examine } from "../doctor/examine.ts";
import { checkGraphs } from "../doctor/graphs.ts";
import { writeHeaders } from "../doctor/headers.ts";
import { InputError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { projectCommand, runCommand } from "./command.ts";
import { manifestIn } from "./model-manifest.ts";

/** Most findings printed per part; the rest are only counted. */
const SHOWN = 12;

/** Graphs that every engine opens at least, besides the autoencoder's. */
const ONCE = ["transformer", "T5 encoder", "CLIP text"];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sayDiagnosis({ parts, runnable, locates }: Diagnosis): void {
  for (const { part, right, findings } of parts) {
    const wrong = findings.filter(({ kind }) => kind !== "extra");
    const state = wrong.length === 0 ? "ok" : `${wrong.length} wrong`;
    say(`${part.padEnd(12)}${String(right).padStart(5)} right   ${state}`);
    for (const { text } of findings.slice(0, SHOWN)) say(`  ${text}`);
    if (findings.length > SHOWN) say(`  and ${findings.length - SHOWN} more`);
  }
  if (runnable) say(`runnable; ${locates ? "locates regions" : "every edit needs a mask"}`);
  else say("not runnable");
}

async function sayGraphs(manifest: Manifest): Promise<void> {
  const seconds = { all: 0, once: 0 };
  say(
    `${"graph".padEnd(24)}${"nodes".padStart(7)}${"kB".padStart(8)}${"built".padStart(10)}${"checked".padStart(11)}`,
  );
  for (const { name, nodes, bytes, built, checked } of await checkGraphs(manifest)) {
    seconds.all += (built + checked) / 1000;
    if (ONCE.includes(name)) seconds.once += (built + checked) / 1000;
    const times = [built, checked].map((ms) => `${ms.toFixed(0)} ms`.padStart(10)).join(" ");
    say(`${name.padEnd(24)}${String(nodes).padStart(7)}${(bytes / 1000).toFixed(0).padStart(8)}${times}`);
  }
  const [once, all] = [seconds.once.toFixed(2), seconds.all.toFixed(2)];
  say(`built, and through type and shape inference: ${ONCE.join(", ")} in ${once} s, all in ${all} s`);
}

/** Builds the graphs over files that consist of headers only. */
async function fromHeaders(model: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "flux-headers-"));
  try {
    const manifest = await manifestIn(model, folder);
    writeHeaders(manifest, "bfl", folder);
    await sayGraphs(manifest);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function run(model: string, { dir, graph = false }: { dir?: string; graph?: boolean }): Promise<void> {
  if (dir === undefined && !graph)
    throw new InputError("option_invalid", "give --dir DIR, or --graph to check the graphs without weights");
  if (dir === undefined) return fromHeaders(model);
  const manifest = await manifestIn(model, dir);
  const diagnosis = await examine(manifest);
  sayDiagnosis(diagnosis);
  if (!diagnosis.runnable) process.exitCode = 1;
  else if (graph) await sayGraphs(manifest);
}

await runCommand(
  projectCommand(
    "doctor",
    "Check every tensor's name, type and shape, and the tokenizers, against the manifest.",
  )
    .argument("<model>", "a model of gpu-fn/models, such as flux-dev, or the path of a manifest.json")
    .option("--dir <folder>", "the model's folder")
    .option("--graph", "also build and check every graph; without --dir from the manifest alone")
    .addHelpText("after", "\nExit codes: 0 runnable · 1 not runnable · 2 wrong usage · 3 a graph is wrong")
    .action(run),
);
