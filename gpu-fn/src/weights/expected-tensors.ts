/**
 * Every tensor that the engine reads from a model's files, by name and shape. There is no list of them: the graphs are
 * built over files that do not exist, and every tensor that the builders request is recorded.
 */
import { buildDecoder, buildEncoder } from "../graph/autoencoder.ts";
import { buildClip } from "../graph/clip.ts";
import { buildFlux } from "../graph/flux.ts";
import { buildPaslImage, buildPaslMask } from "../graph/pasl.ts";
import { buildT5 } from "../graph/t5.ts";
import type { Layout } from "../manifest/files.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { paslPart } from "../manifest/pasl-part.ts";
import type { TensorEntry } from "../safetensors/header.ts";
import { Weights } from "../safetensors/safetensors.ts";

export const PARTS = ["flux", "autoencoder", "clip", "t5", "pasl"] as const;
export type Part = (typeof PARTS)[number];

/** Shape by name. */
export type Wanted = ReadonlyMap<string, readonly number[]>;

/** Tensor names by which the builders recognise the layout. */
const TELLTALES: Readonly<Record<Layout, readonly string[]>> = {
  bfl: ["img_in.weight", "encoder.mid.block_1.norm1.weight", "shared.weight", "text_projection.weight"],
  diffusers: [
    ...["x_embedder.weight", "encoder.mid_block.resnets.0.norm1.weight"],
    ...["shared.weight", "text_projection.weight"],
  ],
};

/** Weights that pretend to hold every tensor, and record the requests. */
class Listening extends Weights {
  readonly asked = new Map<string, readonly number[]>();
  readonly #layout: Layout;

  constructor(layout: Layout) {
    super("", new Map());
    this.#layout = layout;
  }

  override has(name: string): boolean {
    return TELLTALES[this.#layout].includes(name);
  }

  /** Called for tensors that may have two shapes: the autoencoder's pointwise convolutions are linear in diffusers. */
  override get(_name: string): TensorEntry {
    return entry(this.#layout === "diffusers" ? [0, 0] : [0, 0, 0, 0]);
  }

  override expect(name: string, shape: readonly number[]): TensorEntry {
    this.asked.set(name, shape);
    return entry(shape);
  }
}

function entry(shape: readonly number[]): TensorEntry {
  return { file: "weights.safetensors", type: "F32", shape, offset: 0, length: 0 };
}

/** The tensors each part of a model needs. PASL, with its text encoder, is included only if the manifest has one. */
export function wantedTensors(manifest: Manifest, layout: Layout): WantedParts {
  const known = heard[layout].get(manifest);
  if (known) return known;
  const wanted = listenTo(manifest, layout);
  heard[layout].set(manifest, wanted);
  return wanted;
}

type WantedParts = Readonly<Record<Part, Wanted>>;

const heard: Readonly<Record<Layout, WeakMap<Manifest, WantedParts>>> = {
  bfl: new WeakMap(),
  diffusers: new WeakMap(),
};

function listenTo(manifest: Manifest, layout: Layout): WantedParts {
  const { flux, autoencoder, clip, t5 } = manifest;
  const pasl = paslPart(manifest);
  const listen = (ask: (weights: Weights) => void): Wanted => {
    const weights = new Listening(layout);
    ask(weights);
    return weights.asked;
  };
  return {
    flux: listen((weights) => buildFlux(weights, flux.config)),
    autoencoder: listen((weights) => {
      buildEncoder(weights, autoencoder.config);
      buildDecoder(weights, autoencoder.config);
    }),
    clip: listen((weights) => buildClip(weights, clip.config)),
    t5: listen((weights) => buildT5(weights, t5.config)),
    pasl: listen((weights) => {
      if (!pasl) return;
      buildPaslImage(weights, pasl.config);
      buildPaslMask(weights, pasl.config);
      if (pasl.text) buildClip(weights, pasl.text.config);
    }),
  };
}

/** Total number of elements of all tensors. */
export function parametersOf(wanted: Wanted): number {
  return [...wanted.values()].reduce(
    (sum, shape) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
}
