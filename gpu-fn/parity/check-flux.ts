/** `flux_bfl` and `flux_diffusers`: velocities, V of single blocks, and V fused by a mask. */
import { ALL_VALUES } from "../bench/edits/baselines/fused-features.ts";
import { type FluxConfig, fluxConfigFromDiffusers } from "../src/graph/flux-config.ts";
import { type Evaluation, openTransformer, type TransformerOptions } from "../src/model/transformer.ts";
import type { Weights } from "../src/safetensors/safetensors.ts";
import { ropeTables } from "../src/tensor/packing.ts";
import type { ParityCase } from "./case.ts";

/** Inputs under a prefix such as `case0.in.` or `case0.in.src.`. */
function readEvaluation(parity: ParityCase, prefix: string, config: FluxConfig): Evaluation {
  const read = (name: string) => parity.input(`${prefix}${name}`);
  const ids = Float32Array.from([...read("txt_ids"), ...read("img_ids")]);
  return {
    latent: read("img"),
    times: [...read("timestep")],
    txt: read("txt"),
    vec: read("vec"),
    guidance: config.guidance_embed ? [...read("guidance")] : [],
    rope: ropeTables(ids, config.axes_dim, config.theta),
  };
}

export async function checkFluxDiffusers(parity: ParityCase): Promise<void> {
  const config = fluxConfigFromDiffusers(parity.config);
  for (const number of parity.numbers()) {
    const evaluation = readEvaluation(parity, `case${number}.in.`, config);
    const options = { batch: evaluation.times.length, trace: true };
    const transformer = await openTransformer(parity.weights(), config, options);
    const { velocity, trace } = await transformer.evaluate(evaluation);
    await transformer.release();
    parity.compare(`case${number}.out.velocity`, velocity);
    for (const [name, value] of Object.entries(trace)) {
      const reference = name.replace("condition", "vec").replace(/^(double|single)\./, "$1");
      parity.compareIfThere(`case${number}.out.trace.${reference}`, value);
    }
  }
}

/** Both namings, if the case has both. */
export async function checkFluxBfl(parity: ParityCase): Promise<void> {
  const other = "weights_diffusers.safetensors";
  const files = parity.has(other) ? [parity.weights(), parity.weights(other)] : [parity.weights()];
  for (const weights of files) {
    for (const number of parity.numbers()) await checkBflCase(parity, weights, `case${number}`);
  }
}

async function checkBflCase(parity: ParityCase, weights: Weights, name: string): Promise<void> {
  const config: FluxConfig = parity.config;
  const sides = ["src", "tgt"].filter((side) => parity.io.has(`${name}.in.${side}.img`));
  const [source, target] = sides.map((side) => readEvaluation(parity, `${name}.in.${side}.`, config));
  const run = async (evaluation: Evaluation, values: NonNullable<TransformerOptions["values"]>) => {
    const transformer = await openTransformer(weights, config, { batch: evaluation.times.length, values });
    const result = await transformer.evaluate({ ...evaluation, record: "values" });
    await transformer.release();
    return result;
  };

  const everyBlock = { blocks: config.depth_single_blocks, fused: ALL_VALUES, source: "cache" } as const;
  for (const [index, evaluation] of [source, target].entries()) {
    if (!evaluation) continue;
    const { velocity, values } = await run(evaluation, everyBlock);
    parity.compare(`${name}.out.${sides[index]}.velocity`, velocity);
    values.forEach((value, block) => {
      parity.compare(`${name}.out.${sides[index]}.v.${block}`, value);
    });
  }

  if (!source || !target || !parity.io.has(`${name}.in.mask`)) return;
  const mask = parity.input(`${name}.in.mask`);
  const lastBlocks = { blocks: parity.config.m_last, source: "cache" } as const;
  const { values: sources } = await run(source, lastBlocks);
  const { velocity, values } = await run({ ...target, fusion: { mask, sources } }, lastBlocks);
  parity.compare(`${name}.out.tgt.velocity_fused`, velocity);
  values.forEach((value, index) => {
    const block = config.depth_single_blocks - values.length + index;
    parity.compareIfThere(`${name}.out.tgt.v_img_fused.${block}`, value);
  });
}
