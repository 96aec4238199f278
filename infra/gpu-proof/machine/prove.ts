// The project's side of the proof; prove.py runs it: `node prove.ts weights MANIFEST FOLDER` makes a model with random weights
// below FOLDER, `node prove.ts figures FOLDER DEVICE DEADLINE` compares, times and edits with it, until DEADLINE (ms since 1970).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluationFlops } from "../../../gpu-fn/bench/gpu/arithmetic.ts";
import { utilisation } from "../../../gpu-fn/bench/gpu/evaluation-table.ts";
import { machineOf } from "../../../gpu-fn/bench/gpu/machine.ts";
import type { Device } from "../../../gpu-fn/src/device/provider.ts";
import { imageTokens } from "../../../gpu-fn/src/device/sizes.ts";
import { type Manifest, readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { randomModel } from "../../rehearsal/random-model.ts";
import { editFigures } from "./edit.ts";
import { autoencoderFigures, clipError, t5Error } from "./parity.ts";
import { runSections } from "./sections.ts";
import { transformerFigures } from "./transformer.ts";

/** Maximum ratio of an error to that of torch's own bfloat16. */
const TIMES = 2;

/** Peak operations a second of an H100 or H200 in bfloat16. */
const PEAK = 989e12;

interface References {
  readonly torch: string;
  readonly errors: Readonly<Record<"t5" | "clip" | "autoencoder" | "flux", number>>;
  /** Milliseconds by rows of the batch. */
  readonly eager: Readonly<Record<string, number>>;
}

const say = (name: string, value: string) => void process.stdout.write(`${name.padEnd(44)}${value}\n`);
const ms = (value: number) => `${value.toFixed(1)} ms`;
const seconds = (value: number) => `${value.toFixed(1)} s`;
const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;

async function figures(folder: string, device: Device, deadline: number): Promise<void> {
  const path = join(folder, "manifest.json");
  const manifest = await readManifest(path);
  const { torch, errors, eager }: References = JSON.parse(
    readFileSync(join(folder, "references.json"), "utf8"),
  );
  const check = (part: keyof References["errors"], error: number) => {
    const wrong = error > TIMES * errors[part];
    say(
      `error, ${part}`,
      `${error.toExponential(1)}; torch's bfloat16 ${errors[part].toExponential(1)}${wrong ? "  WRONG" : ""}`,
    );
    if (wrong) process.exitCode = 1;
  };
  const sections = {
    t5: async () => check("t5", await t5Error(manifest, device)),
    clip: async () => check("clip", await clipError(manifest, device)),
    async autoencoder() {
      const { error, decodes } = await autoencoderFigures(manifest, device);
      check("autoencoder", error);
      say("decode, first and second", decodes.map(ms).join(", "));
    },
    async transformer() {
      const found = await transformerFigures(manifest, device);
      check("flux", found.error);
      say("transformer open", seconds(found.openSeconds));
      const flops = flopsOf(manifest);
      const share = (rows: number, time: number) =>
        device === "cuda"
          ? `, ${(100 * utilisation(rows * flops, time, PEAK)).toFixed(1)} % of the peak`
          : "";
      say("an evaluation", `${ms(found.plain)}${share(1, found.plain)}`);
      say("  in PyTorch, eager", `${ms(eager[1] ?? Number.NaN)}${share(1, eager[1] ?? Number.NaN)}`);
      say("a pair of evaluations", `${ms(found.paired)}${share(2, found.paired)}`);
      say("  in PyTorch, eager", `${ms(eager[2] ?? Number.NaN)}${share(2, eager[2] ?? Number.NaN)}`);
      say("memory, transformer alone", gb(found.peak));
    },
    async edit() {
      const edit = await editFigures(path, manifest, device);
      say("engine open, then warm", `${seconds(edit.openSeconds)}, ${seconds(edit.warmSeconds)}`);
      say("the paper's edit", `${seconds(edit.editSeconds)}, ${edit.evaluations} evaluations`);
      for (const [phase, took] of Object.entries(edit.timings)) say(`  ${phase}`, seconds(took / 1000));
      say("memory, engine", gb(edit.peak));
      writeFileSync(join(folder, "edited.png"), edit.picture);
    },
    async pattern() {
      const { peak } = await transformerFigures(manifest, device, true);
      say("memory, transformer with the pattern on", gb(peak));
    },
  };
  say("machine", machineOf(device));
  say("torch", torch);
  if (!(await runSections(sections, deadline, say))) process.exitCode = 1;
}

function flopsOf(manifest: Manifest): number {
  const { flux, t5, resolution: side } = manifest;
  return evaluationFlops(flux.config, imageTokens(manifest, side, side), t5.length);
}

const [command, ...given] = process.argv.slice(2);
if (command === "weights") {
  const [manifest = "", folder = ""] = given;
  await randomModel(manifest, folder, { int8: false });
} else {
  const [folder = "", device = "", deadline = ""] = given;
  await figures(folder, device as Device, Number(deadline));
}
