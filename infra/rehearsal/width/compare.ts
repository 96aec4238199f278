/** The project's graphs, in float32 on the processor, compared with the output of reference.py. */
import { join } from "node:path";
import type { Manifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { openAutoencoder } from "../../../gpu-fn/src/model/autoencoder.ts";
import { openClip } from "../../../gpu-fn/src/model/clip.ts";
import { openT5 } from "../../../gpu-fn/src/model/t5.ts";
import { type Evaluation, openTransformer } from "../../../gpu-fn/src/model/transformer.ts";
import { bindModel } from "../../../gpu-fn/src/model/velocity-model.ts";
import { openWeights } from "../../../gpu-fn/src/safetensors/safetensors.ts";
import { gridIds, ropeTables } from "../../../gpu-fn/src/tensor/packing.ts";
import { relativeError } from "../relative-error.ts";

/** Name of the comparison, and its relative error. */
export type Compared = readonly [name: string, error: number];

export const PARTS = ["flux", "t5", "clip", "autoencoder"] as const;
export type Part = (typeof PARTS)[number];

function reader(folder: string, part: Part) {
  const io = openWeights(join(folder, `${part}.io.safetensors`));
  return {
    floats: (name: string) => io.read(name).data as Float32Array,
    integers: (name: string) => io.read(name).data as Int32Array,
    weights: () => openWeights(join(folder, `${part}.safetensors`)),
  };
}

export const compare: Readonly<Record<Part, (folder: string, manifest: Manifest) => Promise<Compared[]>>> = {
  async flux(folder, { flux }) {
    const { floats, integers, weights } = reader(folder, "flux");
    const config = { ...flux.config, depth: 1, depth_single_blocks: 2 };
    const grid = { rows: 16, columns: 16 };
    const rope = ropeTables(gridIds(512, grid), config.axes_dim, config.theta);
    const both = (name: string) =>
      Float32Array.from([...floats(`source.${name}`), ...floats(`target.${name}`)]);
    const of = (who: "source" | "target"): Evaluation => ({
      latent: floats(`${who}.img`),
      txt: floats(`${who}.txt`),
      vec: floats(`${who}.vec`),
      ...{ times: [0.375], guidance: [2], rope },
    });
    const pair: Evaluation = {
      ...{ latent: both("img"), txt: both("txt"), vec: both("vec") },
      ...{ times: [0.375, 0.375], guidance: [2, 2], rope },
    };
    const truth = floats("target.velocity");
    const [ones, halves] = [
      new Float32Array(256).fill(1),
      Float32Array.from({ length: 256 }, (_, row) => row % 2),
    ];
    const last = (velocity: Float32Array) => velocity.slice(-truth.length);

    const plain = await openTransformer(weights(), config);
    const alone = (await plain.evaluate(of("target"))).velocity;
    await plain.release();
    const paired = await openTransformer(weights(), config, { values: { blocks: 2, source: "paired" } });
    const beside = (await paired.evaluate({ ...pair, fusion: { mask: ones } })).velocity;
    const mixed = last((await paired.evaluate({ ...pair, fusion: { mask: halves } })).velocity);
    await paired.release();
    const cached = await openTransformer(weights(), config, { values: { blocks: 2, source: "cache" } });
    const { values: sources } = await cached.evaluate({ ...of("source"), record: "values" });
    const injected = await cached.evaluate({ ...of("target"), fusion: { mask: halves, sources } });
    await cached.release();

    const framed = await openTransformer(weights(), config, { values: { blocks: 2, source: "background" } });
    const { values: kept } = await framed.evaluate({ ...of("source"), record: "background" });
    const condition = { txt: floats("target.txt"), vec: floats("target.vec"), guidance: 2 };
    const state = { latent: floats("target.img"), t: 0.375, condition };
    const background = { rows: integers("part.rows"), kept };
    const bound = bindModel(framed, grid);
    const part = await bound.evaluate(state, { background });
    const fused = await bound.evaluate(state, { background, fusion: { mask: halves, sources: kept } });
    await framed.release();
    return [
      ["transformer", relativeError(alone, truth)],
      [
        "transformer, paired: the source",
        relativeError(beside.slice(0, truth.length), floats("source.velocity")),
      ],
      ["transformer, paired: the target", relativeError(last(beside), truth)],
      ["transformer, V cached against paired", relativeError(injected.velocity, mixed)],
      ["transformer, around a kept background", relativeError(part.velocity, floats("part.velocity"))],
      ["the same, V fused", relativeError(fused.velocity, floats("part.fused"))],
    ];
  },
  async t5(folder, { t5 }) {
    const { floats, integers, weights } = reader(folder, "t5");
    const encoder = await openT5(weights(), { ...t5.config, num_layers: 2 });
    const hidden = await encoder.encode([Array.from(integers("ids"))]);
    await encoder.release();
    return [["T5", relativeError(hidden, floats("hidden"))]];
  },
  async clip(folder, { clip }) {
    const { floats, integers, weights } = reader(folder, "clip");
    const tower = await openClip(weights(), clip.config);
    const { pooled, lastHidden } = await tower.encode([Array.from(integers("ids"))]);
    await tower.release();
    return [
      ["CLIP, pooled", relativeError(pooled, floats("pooled"))],
      ["CLIP, all tokens", relativeError(lastHidden, floats("hidden"))],
    ];
  },
  async autoencoder(folder, { autoencoder: { config } }) {
    const { floats, weights } = reader(folder, "autoencoder");
    const opened = await openAutoencoder(weights(), config);
    const { mean } = await opened.encode(floats("image"), { height: 512, width: 512 });
    const { shift_factor: shift = 0, scale_factor: scale = 1 } = config;
    const latent = floats("z").map((value) => (value - shift) * scale);
    const decoded = await opened.decode(latent, { height: 64, width: 64 });
    await opened.release();
    return [
      ["encoder, 512²", relativeError(mean, floats("mean"))],
      ["decoder, 512²", relativeError(decoded, floats("decoded"))],
    ];
  },
};
