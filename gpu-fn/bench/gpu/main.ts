// `npm run bench:gpu`: FLUX.1-dev's transformer with random weights on a GPU, compared with PyTorch.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Option } from "commander";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { manifestOf } from "../../src/cli/model-manifest.ts";
import { positive, whole } from "../../src/cli/numbers.ts";
import { checkCudaLibraries, DEVICES, type Device } from "../../src/device/provider.ts";
import { imageTokens } from "../../src/device/sizes.ts";
import { InputError, WeightsError } from "../../src/errors.ts";
import { type Manifest, readManifest } from "../../src/manifest/manifest.ts";
import { type TransformerUse, transformers } from "../../src/model/transformers.ts";
import { openWeights } from "../../src/safetensors/safetensors.ts";
import { wantedTensors } from "../../src/weights/expected-tensors.ts";
import { writeLayers } from "../../src/weights/int8.ts";
import { quantisable } from "../../src/weights/int8-layers.ts";
import { writeSummary } from "../kit/results.ts";
import { evaluationFlops } from "./arithmetic.ts";
import { type Figures, type SizeFigures, tableOf } from "./evaluation-table.ts";
import { cachedTimes, inputsOf, pairedTime, timed } from "./evaluation-times.ts";
import { machineOf } from "./machine.ts";
import { followPeak } from "./peak.ts";
import { SCALES, type Scale, scaled, writeRandomTransformer } from "./random-model.ts";
import { openTorch } from "./torch.ts";

interface Options {
  readonly device: Device;
  readonly scale: Scale;
  readonly sizes: number[];
  readonly rounds: number;
  readonly model: string;
  readonly folder: string;
  readonly peak?: number;
  readonly python: string;
  readonly torch: boolean;
  readonly int8?: boolean;
  readonly out?: string;
}

/** Not every card can hold the weights twice, so PyTorch runs after ONNX Runtime. */
async function torchTimes({ torch, python, device, sizes, rounds }: Options, manifest: Manifest) {
  const times = new Map<number, number>();
  if (!torch) return { version: null, times };
  const model = await openTorch(python, device, manifest.flux.config);
  for (const side of sizes) {
    const tokens = imageTokens(manifest, side, side);
    times.set(side, await model.evaluate(tokens, manifest.t5.length, rounds));
  }
  model.close();
  return { version: model.version, times };
}

/** Plain evaluations with eight-bit copies of the large layers, which are made first. */
async function int8Times({ int8, device, sizes, rounds }: Options, manifest: Manifest, path: string) {
  const times = new Map<number, number>();
  if (!int8) return times;
  const packed = `${path}.int8`;
  await writeLayers(openWeights(path), quantisable(wantedTensors(manifest, "bfl").flux), packed);
  const session = { provider: device, compute: manifest.devices[device].compute };
  const opened = transformers(openWeights(path, packed), manifest.flux.config, session);
  const transformer = await opened.open({ valuePath: "cache" });
  for (const side of sizes) {
    const inputs = inputsOf(manifest, side);
    times.set(side, await timed(rounds, () => transformer.evaluate(inputs)));
  }
  await opened.release();
  return times;
}

async function measure(
  options: Options,
  manifest: Manifest,
  path: string,
): Promise<Omit<Figures, "weights">> {
  const { device, sizes, rounds } = options;
  const { compute } = manifest.devices[device];
  const { config } = manifest.flux;
  const peak = followPeak(device);
  const opened = transformers(openWeights(path), config, { provider: device, compute });
  const open = async (valuePath: TransformerUse["valuePath"]) => {
    const start = performance.now();
    const transformer = await opened.open({ valuePath });
    return { transformer, seconds: (performance.now() - start) / 1000 };
  };
  const cache = await open("cache");
  const cached: Omit<SizeFigures["ms"], "paired">[] = [];
  for (const side of sizes)
    cached.push(await cachedTimes(cache.transformer, inputsOf(manifest, side), rounds));
  const pair = await open("paired");
  const paired: number[] = [];
  for (const side of sizes)
    paired.push(await pairedTime(pair.transformer, inputsOf(manifest, side, 2), rounds));
  await opened.release();
  peak.stop();
  const int8 = await int8Times(options, manifest, path);
  const torch = await torchTimes(options, manifest);
  return {
    machine: machineOf(device),
    date: new Date().toISOString().slice(0, 10),
    scale: options.scale,
    compute,
    peakFlops: options.peak === undefined ? null : options.peak * 1e12,
    opened: { cache: cache.seconds, paired: pair.seconds },
    memory: peak.most(),
    torch: torch.version,
    sizes: sizes.map((side, index) => ({
      side,
      flops: evaluationFlops(config, imageTokens(manifest, side, side), manifest.t5.length),
      ms: { ...(cached[index] as (typeof cached)[number]), paired: paired[index] ?? Number.NaN },
      int8Ms: int8.get(side) ?? null,
      torchMs: torch.times.get(side) ?? null,
    })),
  };
}

function checkDevice(device: Device): void {
  if (device === "cpu") return;
  try {
    checkCudaLibraries();
  } catch (cause) {
    const help = "use --device cpu --scale tiny for a small run on the processor";
    throw new WeightsError(`CUDA is not available: ${(cause as Error).message}; ${help}`, { cause });
  }
}

async function run(options: Options): Promise<void> {
  checkDevice(options.device);
  const whole = await readManifest(manifestOf(options.model));
  const unit = 2 ** whole.autoencoder.config.ch_mult.length;
  if (options.sizes.some((side) => !(side > 0) || side % unit !== 0))
    throw new InputError(
      "option_invalid",
      `a side must be a multiple of ${unit}: ${options.sizes.join(", ")}`,
    );
  const manifest = scaled(whole, options.scale);
  const folder = await mkdtemp(join(options.folder, "flux-bench-"));
  try {
    const path = join(folder, "flux.safetensors");
    const weights = await writeRandomTransformer(manifest, path);
    const figures: Figures = { ...(await measure(options, manifest, path)), weights };
    if (options.out !== undefined) await writeSummary(options.out, figures);
    process.stdout.write(`${tableOf(figures)}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const sides = (text: string) => text.split(",").map(Number);

await runCommand(
  projectCommand(
    "bench:gpu",
    "Time FLUX.1-dev's transformer with random weights of full size, and the same in PyTorch.",
  )
    .addOption(new Option("--device <device>", "device that computes").choices(DEVICES).default("cuda"))
    .addOption(
      new Option("--scale <scale>", "the whole transformer, one block of each kind, or a small one")
        .choices(SCALES)
        .default("full"),
    )
    .option("--sizes <sides>", "sides of the square in pixels", sides, [512, 1024])
    .option("--rounds <n>", "evaluations of each kind, after a first one that is not counted", whole(1), 10)
    .option("--model <model>", "model with the transformer", "flux-dev")
    .option("--folder <folder>", "a local disk with 24 GB for the weights", tmpdir())
    .option("--peak <tflops>", "the device's peak: 989 for an H100 or H200 in bfloat16", positive)
    .option("--python <path>", "Python with torch", process.env.PYTHON ?? "python3")
    .option("--int8", "also with eight-bit weights, which take minutes to create at full size")
    .option("--no-torch", "leave PyTorch out")
    .option("--out <file>", "write the figures as JSON")
    .action(run),
);
