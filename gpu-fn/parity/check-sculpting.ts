/** `s2dec`: the inversion, the V cache, each step of the edit, and every variant of the ablation. */
import type { Pairing } from "../src/method/pairing.ts";
import { invert, type StepEvent, sculpt } from "../src/method/sculpting.ts";
import { planSculpting } from "../src/method/sculpting-plan.ts";
import { type MaskMode, maskAs, sourceLatent } from "../src/method/structuring.ts";
import { openTransformer } from "../src/model/transformer.ts";
import { bindModel } from "../src/model/velocity-model.ts";
import type { ParityCase } from "./case.ts";
import { readCondition } from "./check-solver.ts";

interface Variant {
  readonly T?: number;
  readonly mask?: MaskMode;
  readonly latent?: boolean;
  readonly attn?: boolean;
  readonly pairing?: Pairing;
  readonly path?: "cache" | "paired";
}

const PLAIN: Variant = { latent: false, attn: false };

const flat = (arrays: readonly Float32Array[]) => arrays.flatMap((array) => [...array]);

export async function checkSculpting(parity: ParityCase): Promise<void> {
  const { config } = parity;
  const open = (source: "cache" | "paired") =>
    openTransformer(parity.weights(), config, { values: { blocks: config.m_last, source } });
  const transformer = await open("cache");
  const paired = await open("paired");
  const model = bindModel(transformer, { rows: config.h, columns: config.w }, paired);
  const source = readCondition(parity, "src", config.guidance_inv);
  const target = readCondition(parity, "tgt", config.guidance_edit);
  const clean = parity.input("in.z0");
  const soft = parity.input("in.mask_soft");

  const run = async (variant: Variant) => {
    const plan = planSculpting({
      steps: config.N,
      imageTokens: config.h * config.w,
      structuringSteps: variant.T ?? config.T,
      latent: variant.latent ?? true,
      attention: variant.attn ?? true,
      pairing: variant.pairing ?? config.pairing_default,
      path: variant.path ?? "cache",
    });
    const events: StepEvent[] = [];
    const path = await invert(model, clean, source, plan);
    const mask = maskAs(variant.mask ?? "soft", soft);
    const options = { onStep: (event: StepEvent) => events.push(event) };
    return { plan, path, events, result: await sculpt(model, path, target, mask, plan, options) };
  };

  parity.measure("in.mask_hard", maskAs("hard", soft), parity.input("in.mask_hard"));
  const { plan, path, events, result } = await run({});
  parity.measure("timesteps", plan.timesteps, config.timesteps_ascending);
  parity.compare("out.inv.z", flat(path.latents));
  parity.compare("out.inv.zmid", flat(path.mids));
  for (let interval = 1; interval <= config.N; interval++) {
    for (const half of ["first", "mid"] as const) {
      if (!path.values.has({ interval, half })) continue;
      path.values.get({ interval, half }).forEach((value, index) => {
        parity.compare(`out.cache.step${interval}.${half}.block${transformer.blocks[index]}`, value);
      });
    }
  }
  parity.compare("out.edit.pre", flat(events.map((event) => event.unfused)));
  parity.compare("out.edit.post", flat(events.map((event) => event.latent)));
  const noise = path.latents.at(-1) ?? clean;
  const times = plan.timesteps.toReversed().slice(1, 1 + config.T);
  parity.compareIfThere("out.edit.zsrc", flat(times.map((t) => sourceLatent(clean, noise, t))));
  parity.compare("out.final", result);

  if (source.txt.length === target.txt.length) {
    parity.measure("paired", (await run({ path: "paired" })).result, parity.input("out.final"));
  }
  for (const name of [...parity.io.names()].filter((name) => name.startsWith("out.variant."))) {
    const variant: Variant = config.variants[name.slice("out.variant.".length)] ?? PLAIN;
    parity.compare(name, (await run(variant)).result);
  }
  await transformer.release();
  await paired.release();
}
