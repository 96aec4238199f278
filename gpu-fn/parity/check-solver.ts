/** `rf_solver`: every evaluated state of inversion, reconstruction and edit, also with RF-Solver-Edit's V. */

import { ALL_VALUES } from "../bench/edits/baselines/fused-features.ts";
import { planRfSolverEdit } from "../bench/edits/baselines/rf-edit-plan.ts";
import type { Condition } from "../src/method/condition.ts";
import type { VelocityModel } from "../src/method/detailing.ts";
import { invert, sculpt } from "../src/method/sculpting.ts";
import { openTransformer, type TransformerOptions } from "../src/model/transformer.ts";
import { bindModel } from "../src/model/velocity-model.ts";
import type { ParityCase } from "./case.ts";

/** The prompt `in.src.*` or `in.tgt.*` of a case. */
export function readCondition(parity: ParityCase, side: "src" | "tgt", guidance: number): Condition {
  return { txt: parity.input(`in.${side}.txt`), vec: parity.input(`in.${side}.vec`), guidance };
}

/** The model, with every latent and velocity recorded. */
function recorded(model: VelocityModel) {
  const latents: number[] = [];
  const velocities: number[] = [];
  const recording: VelocityModel = {
    async evaluate(state, options) {
      const result = await model.evaluate(state, options);
      for (const value of state.latent) latents.push(value);
      for (const value of result.velocity) velocities.push(value);
      return result;
    },
  };
  return { recording, latents, velocities };
}

export async function checkSolver(parity: ParityCase): Promise<void> {
  const {
    N: steps,
    inject_step: inject,
    guidance_inv,
    guidance_edit,
    h,
    w,
    feature_keys: keys,
  } = parity.config;
  const blocks = new Set((keys as string[]).map((key) => key.split("_")[2])).size;
  const options: TransformerOptions =
    blocks > 0 ? { values: { blocks, fused: ALL_VALUES, source: "cache" } } : {};
  const transformer = await openTransformer(parity.weights(), parity.config, options);
  const model = bindModel(transformer, { rows: h, columns: w });
  const source = readCondition(parity, "src", guidance_inv);
  const plan = planRfSolverEdit(steps, h * w, inject);
  const plain = planRfSolverEdit(steps, h * w, 0);
  parity.measure("timesteps", plan.timesteps.toReversed(), parity.config.timesteps);

  const compare = async (name: string, run: (model: VelocityModel) => Promise<Float32Array>) => {
    const { recording, latents, velocities } = recorded(model);
    parity.compare(`out.${name}.final`, await run(recording));
    parity.compare(`out.${name}.eval_z`, latents);
    parity.compare(`out.${name}.eval_v`, velocities);
  };

  let path = await invert(model, new Float32Array(), source, {
    inversion: { ...plan.inversion, timesteps: [] },
  });
  await compare("inv", async (recording) => {
    path = await invert(recording, parity.input("in.z0"), source, plan);
    return path.latents.at(-1) ?? new Float32Array();
  });
  const mask = new Float32Array(h * w + source.txt.length / parity.config.context_in_dim);
  await compare("recon", (recording) => sculpt(recording, path, source, mask, plain));
  const target = readCondition(parity, "tgt", guidance_edit);
  await compare("edit", (recording) => sculpt(recording, path, target, mask, plan));
  await transformer.release();
}
