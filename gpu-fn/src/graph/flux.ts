/**
 * The FLUX transformer as an ONNX graph (docs/algorithm.md section 1; black-forest-labs/flux model.py). One builder for
 * four uses: plain; with the V features of the last single blocks in and out (Eq. 15); paired, where row 0 of a batch of
 * two is the source and row 1 the target (a batch of one is plain, so one session serves both); and with K and V of the
 * tokens that are not computed.
 */

import type { Weights } from "../safetensors/safetensors.ts";
import { TIME_CHANNELS } from "../tensor/packing.ts";
import { type ComputeType, type Graph, GraphBuilder } from "./builder.ts";
import { openBackground } from "./flux-background.ts";
import { checkFluxConfig, type FluxConfig, fluxNaming } from "./flux-config.ts";
import { type Batch, type FeatureHook, FluxLayers } from "./flux-layers.ts";
import {
  type EmbedderNames,
  type FluxNames,
  fluxNames,
  type SingleNames,
  type StreamNames,
} from "./flux-names.ts";
import { fuseValues } from "./flux-values.ts";
import type { ValueOptions } from "./fusion-options.ts";
import type { Linear } from "./linear.ts";

export interface FluxGraphOptions {
  /** Rows of the batch; 1 is fastest. Default 1; paired graphs take any number. */
  readonly batch?: Batch;
  /** V features, and optionally K, as inputs and outputs; absent: the plain transformer. */
  readonly values?: ValueOptions;
  /** Also outputs the tokens after each block: `condition`, `double.<i>.img`, `double.<i>.txt`, `single.<i>`. */
  readonly trace?: boolean;
  readonly compute?: ComputeType;
  /** Multiplies eight-bit integers in the blocks' linear layers. Default false. */
  readonly int8Arithmetic?: boolean;
}

/**
 * Builds the graph. Inputs, all float32: `img` [B, L, in_channels], `txt` [B, S, context_in_dim], `vec`
 * [B, vec_in_dim], `time` and (if the model has it) `guidance` [B, 256] from `timestepEmbedding`, `rope_cos` and
 * `rope_sin` [S+L, head/2] from `ropeTables`, and those of `fuseValues` and `openBackground`. Output:
 * `velocity` [B, L, out_channels]. L and S are free. Whatever depends on the time is embedded in float32 in any compute
 * type. Throws WeightsError if weights and config disagree.
 */
export function buildFlux(weights: Weights, config: FluxConfig, options: FluxGraphOptions = {}): Graph {
  checkFluxConfig(config);
  const names = fluxNames(config, fluxNaming(weights));
  const batch = options.values?.source === "paired" ? "batch" : (options.batch ?? 1);
  const width = config.hidden_size;
  const g = new GraphBuilder("flux", weights, options.compute);
  const { in_channels: channels, context_in_dim: textWidth } = config;
  const img = g.input("img", "float", [batch, "image_tokens", channels]);
  const txt = g.input("txt", "float", [batch, "text_tokens", textWidth]);
  const layers = new FluxLayers(g, config, batch, options.int8Arithmetic);
  const trace = (name: string, value: string, rows: string) =>
    options.trace && g.output(name, layers.batched(value, width), [batch, rows, width]);

  const condition = conditionOf(layers, config, names);
  if (options.trace) g.output("condition", condition, [batch, width]);
  const active = layers.silu(condition);

  const rowsOf = (input: string) => g.op("Shape", [input], { start: 1, end: 2 });
  const sizes = g.op("Concat", [rowsOf(txt), rowsOf(img)], { axis: 0 });
  const enter = (input: string, width: number, embed: Linear) =>
    layers.endLinear(layers.tokens(input, width), embed);
  const { values } = options;
  const surround = values?.source === "background" && openBackground(layers, config, values, sizes);
  const hookOf =
    (block: string): FeatureHook =>
    (feature, value) =>
      surround ? surround(feature, block, value) : value;
  let image = enter(img, channels, names.img);
  let prompt = enter(txt, textWidth, names.txt);
  for (let block = 0; block < config.depth; block++) {
    const own = { names: names.double(block), change: hookOf(`double.${block}`) };
    [prompt, image] = doubleBlock(layers, { prompt, image }, active, own, sizes, width);
    trace(`double.${block}.img`, image, "image_tokens");
    trace(`double.${block}.txt`, prompt, "text_tokens");
  }

  const fuse = values && fuseValues(layers, config, values, sizes);
  let tokens = g.op("Concat", [prompt, image], { axis: layers.rowAxis });
  for (let block = 0; block < config.depth_single_blocks; block++) {
    const see = hookOf(`single.${block}`);
    const hook: FeatureHook = (feature, value) => see(feature, fuse?.(feature, block, value) ?? value);
    tokens = singleBlock(layers, tokens, active, names.single(block), hook, width);
    trace(`single.${block}`, tokens, "all_tokens");
  }

  const [, last = ""] = g.ops(2, "Split", [tokens, sizes], { axis: layers.rowAxis });
  giveVelocity(layers, config, names, active, last);
  return g.build();
}

/** The conditioning vector `vec` from the inputs for time, guidance and pooled prompt. */
function conditionOf(layers: FluxLayers, config: FluxConfig, names: FluxNames): string {
  const { g, batch } = layers;
  return g.inFloat32(() => {
    const embedded = (input: string, width: number, embedder: EmbedderNames) =>
      layers.embedder(g.input(input, "float", [batch, width]), embedder);
    const time = embedded("time", TIME_CHANNELS, names.time);
    const guidance = config.guidance_embed && embedded("guidance", TIME_CHANNELS, names.guidance);
    const timed = guidance ? g.op("Add", [time, guidance]) : time;
    return g.op("Add", [timed, embedded("vec", config.vec_in_dim, names.vector)]);
  });
}

/** The final layer, for image tokens. */
function giveVelocity(
  layers: FluxLayers,
  config: FluxConfig,
  names: FluxNames,
  active: string,
  image: string,
): void {
  const [first = "", second = ""] = layers.modulation(active, names.finalModulation, 2);
  const [shift, scale] = names.finalOrder === "shift, scale" ? [first, second] : [second, first];
  const channels = config.out_channels ?? config.in_channels;
  const velocity = layers.endLinear(layers.modulate(image, shift, scale), names.final);
  layers.g.output("velocity", layers.batched(velocity, channels), [layers.batch, "image_tokens", channels]);
}

interface Streams {
  readonly prompt: string;
  readonly image: string;
}

interface DoubleBlock {
  readonly names: { readonly txt: StreamNames; readonly img: StreamNames };
  readonly change: FeatureHook;
}

/** Two streams with separate weights and joint attention; the prompt's tokens come first. */
function doubleBlock(
  layers: FluxLayers,
  streams: Streams,
  active: string,
  { names, change }: DoubleBlock,
  sizes: string,
  width: number,
): [prompt: string, image: string] {
  const { g } = layers;
  const txt = openStream(layers, streams.prompt, active, names.txt);
  const img = openStream(layers, streams.image, active, names.img);
  const join = (part: "q" | "k" | "v") => g.op("Concat", [txt.qkv[part], img.qkv[part]], { axis: 1 });
  const attended = layers.attention({ q: join("q"), k: join("k"), v: join("v") }, change);
  const [txtPart = "", imgPart = ""] = g.ops(2, "Split", [attended, sizes], { axis: 1 });
  return [txt.close(layers.tokens(txtPart, width)), img.close(layers.tokens(imgPart, width))];
}

/** One stream up to attention, and a function for the rest. */
function openStream(layers: FluxLayers, x: string, active: string, names: StreamNames) {
  const chunks = layers.modulation(active, names.modulation, 6);
  const [shift1 = "", scale1 = "", gate1 = "", shift2 = "", scale2 = "", gate2 = ""] = chunks;
  const qkv = layers.queryKeyValue(layers.modulate(x, shift1, scale1), names);
  const close = (attended: string) => {
    const middle = layers.residual(x, gate1, layers.linear(attended, names.proj));
    const hidden = layers.hidden(layers.modulate(middle, shift2, scale2), names.mlpIn);
    return layers.residual(middle, gate2, layers.linear(hidden, names.mlpOut));
  };
  return { qkv, close };
}

/** One stream of all tokens, with attention and MLP in parallel. */
function singleBlock(
  layers: FluxLayers,
  x: string,
  active: string,
  names: SingleNames,
  change: FeatureHook,
  width: number,
): string {
  const [shift = "", scale = "", gate = ""] = layers.modulation(active, names.modulation, 3);
  const y = layers.modulate(x, shift, scale);
  const attended = layers.tokens(layers.attention(layers.queryKeyValue(y, names), change), width);
  const hidden = layers.hidden(y, names.mlpIn);
  const both = layers.g.op("Concat", [attended, hidden], { axis: layers.batch === 1 ? 1 : 2 });
  return layers.residual(x, gate, layers.linear(both, names.mlpOut));
}
