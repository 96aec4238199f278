/** `background`: an edit that computes some of the image's tokens, every velocity and the latent that it ends at. */
import type { VelocityModel } from "../src/method/detailing.ts";
import { invert, sculpt } from "../src/method/sculpting.ts";
import { planSculpting } from "../src/method/sculpting-plan.ts";
import { openTransformer } from "../src/model/transformer.ts";
import { bindModel } from "../src/model/velocity-model.ts";
import type { ParityCase } from "./case.ts";
import { readCondition } from "./check-solver.ts";

export async function checkBackground(parity: ParityCase): Promise<void> {
  const { config } = parity;
  const values = { blocks: config.depth_single_blocks, source: "background" } as const;
  const transformer = await openTransformer(parity.weights(), config, { values });
  const model = bindModel(transformer, { rows: config.h, columns: config.w }, undefined, config.m_last);
  const plan = planSculpting({
    steps: config.N,
    imageTokens: config.h * config.w,
    structuringSteps: config.T,
    path: "background",
  });
  const source = await invert(
    model,
    parity.input("in.z0"),
    readCondition(parity, "src", config.guidance_inv),
    plan,
  );
  const velocities: number[] = [];
  const heard: VelocityModel = {
    async evaluate(state, options) {
      const evaluated = await model.evaluate(state, options);
      velocities.push(...evaluated.velocity);
      return evaluated;
    },
  };
  const target = readCondition(parity, "tgt", config.guidance_edit);
  const rows = Int32Array.from(parity.input("in.rows"));
  const edited = await sculpt(heard, source, target, parity.input("in.mask"), plan, { rows });
  parity.compare("out.velocities", velocities);
  parity.compare("out.final", edited);
  await transformer.release();
}
