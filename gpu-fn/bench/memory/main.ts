// `npm run bench:memory`: memory and time of a model on the processor, with weights copied for the fastest products
// (prepacked) and mapped from their files. Each in a process of its own, so that nothing of the other is counted.
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { manifestOf } from "../../src/cli/model-manifest.ts";
import { whole } from "../../src/cli/numbers.ts";
import { weightFiles } from "../../src/manifest/files.ts";
import { readManifest } from "../../src/manifest/manifest.ts";
import { openModel } from "../../src/model/model.ts";
import { readFloats } from "../../src/safetensors/floats.ts";
import { openWeights } from "../../src/safetensors/safetensors.ts";
import { encodeHeader } from "../../src/safetensors/writer.ts";
import { inputsOf, timed } from "../gpu/measure.ts";

/** How the weights are held: copied for the fastest products, or mapped from their files. */
const KINDS = ["prepacked", "mapped"] as const;
type Kind = (typeof KINDS)[number];

interface Measured {
  /** Bytes of this process, before the model is open, and with the transformer and all others. */
  readonly before: number;
  readonly open: number;
  readonly most: number;
  readonly openMs: number;
  readonly evaluationMs: number;
}

interface Options {
  readonly float32?: boolean;
  readonly rounds: number;
  readonly threads: number;
  readonly only?: Kind;
}

async function measure(path: string, mapWeights: boolean, { rounds, threads }: Options): Promise<Measured> {
  const manifest = await readManifest(path);
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const model = await openModel(manifest, { mapWeights, threads });
  const transformer = await model.transformer({ valueBlocks: 0, valuePath: "cache" });
  const openMs = performance.now() - start;
  const open = process.memoryUsage.rss();
  const inputs = inputsOf(manifest, manifest.resolution);
  const evaluationMs = await timed(rounds, () => transformer.evaluate(inputs));
  await model.release();
  return { before, open, most: process.resourceUsage().maxRSS * 1024, openMs, evaluationMs };
}

/** The same model in a folder of its own, every weight stored in float32. Returns its manifest's path. */
async function asFloat32(path: string): Promise<string> {
  const manifest = await readManifest(path);
  const folder = await mkdtemp(join(tmpdir(), "flux-float32-"));
  await cp(manifest.folder, folder, { recursive: true });
  for (const file of weightFiles({ ...manifest, folder })) {
    const weights = openWeights(file);
    const tensors = [...weights.names()].map((name) => {
      const entry = weights.get(name);
      const elements = entry.shape.reduce((product, size) => product * size, 1);
      const bytes = new Uint8Array(readFloats(entry, 0, elements).buffer);
      return { name, dtype: "F32", shape: entry.shape, length: bytes.length, bytes };
    });
    await writeFile(file, Buffer.concat([encodeHeader(tensors), ...tensors.map(({ bytes }) => bytes)]));
  }
  return join(folder, "manifest.json");
}

async function run(model: string, options: Options): Promise<void> {
  const path = manifestOf(model);
  if (options.only !== undefined) {
    const measured = await measure(path, options.only === "mapped", options);
    process.stdout.write(`${JSON.stringify(measured)}\n`);
    return;
  }
  const stored = options.float32 ? await asFloat32(path) : path;
  try {
    compare(stored, options);
  } finally {
    if (options.float32) await rm(dirname(stored), { recursive: true });
  }
}

function compare(path: string, { rounds, threads }: Options): void {
  const say = (...cells: string[]) =>
    process.stdout.write(
      `${cells.map((cell, index) => (index ? cell.padStart(13) : cell.padEnd(12))).join("")}\n`,
    );
  say("", "open", "at the most", "opens in", "evaluation");
  for (const only of KINDS) {
    const args = [path, "--only", only, "--rounds", String(rounds), "--threads", String(threads)];
    const script = fileURLToPath(import.meta.url);
    const found: Measured = JSON.parse(
      execFileSync(process.execPath, [script, ...args], { encoding: "utf8" }),
    );
    const megabytes = (bytes: number) => `${((bytes - found.before) / 1e6).toFixed(0)} MB`;
    const { open, most, openMs, evaluationMs } = found;
    say(only, megabytes(open), megabytes(most), `${openMs.toFixed(0)} ms`, `${evaluationMs.toFixed(1)} ms`);
  }
}

await runCommand(
  projectCommand("bench:memory", "Memory of a model on the processor, its weights prepacked and mapped.")
    .argument("[model]", "a model of gpu-fn/models, or the path of a manifest.json", "mini")
    .option("--float32", "store every weight in float32 first: only such weights can be mapped as they are")
    .option("--rounds <n>", "evaluations, after one that is not counted", whole(1), 20)
    .option("--threads <n>", "of one evaluation", whole(1), 2)
    .addOption(new Option("--only <kind>", "one kind in this process, as JSON").choices(KINDS))
    .action(run),
);
