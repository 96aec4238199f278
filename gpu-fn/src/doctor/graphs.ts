/** Builds all graphs of a model and runs the runtime's type and shape inference on them. */
import { buildDecoder, buildEncoder } from "../graph/autoencoder.ts";
import type { ComputeType, Graph } from "../graph/builder.ts";
import { buildClip } from "../graph/clip.ts";
import { buildFlux } from "../graph/flux.ts";
import { buildT5 } from "../graph/t5.ts";
import { partFiles } from "../manifest/files.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { openSession } from "../model/session.ts";
import { openWeights } from "../safetensors/safetensors.ts";

export interface CheckedGraph {
  readonly name: string;
  readonly nodes: number;
  /** Bytes of the graph without its weights. */
  readonly bytes: number;
  /** Milliseconds for reading the headers and building the graph. */
  readonly built: number;
  /** Milliseconds for the runtime's inference and checks. */
  readonly checked: number;
}

/** Names of the graphs, each with the function that builds it. */
export function graphsOf(
  manifest: Manifest,
  compute: ComputeType = "float32",
): [name: string, make: () => Graph][] {
  const { flux, autoencoder, clip, t5, defaults } = manifest;
  const weights = (part: { files: string[] }) => openWeights(...partFiles(manifest, part));
  const values = (source: "cache" | "paired" | "background") =>
    ({ blocks: defaults.value_blocks, source }) as const;
  return [
    ["transformer", () => buildFlux(weights(flux), flux.config, { compute })],
    [
      "transformer, V cached",
      () => buildFlux(weights(flux), flux.config, { compute, values: values("cache") }),
    ],
    [
      "transformer, paired",
      () => buildFlux(weights(flux), flux.config, { compute, values: values("paired") }),
    ],
    [
      "transformer, with a background",
      () => buildFlux(weights(flux), flux.config, { compute, values: values("background") }),
    ],
    ["T5 encoder", () => buildT5(weights(t5), t5.config, compute)],
    ["CLIP text", () => buildClip(weights(clip), clip.config)],
    ["encoder", () => buildEncoder(weights(autoencoder), autoencoder.config)],
    ["decoder", () => buildDecoder(weights(autoencoder), autoencoder.config)],
  ];
}

/** @throws WeightsError if weights and config disagree, or the runtime finds a graph wrong */
export async function checkGraphs(manifest: Manifest): Promise<CheckedGraph[]> {
  const found: CheckedGraph[] = [];
  for (const [name, make] of graphsOf(manifest)) {
    const start = performance.now();
    const graph = make();
    const built = performance.now();
    await (await openSession(graph, { checkOnly: true })).release();
    const checked = performance.now() - built;
    found.push({ name, nodes: graph.nodes, bytes: graph.bytes.length, built: built - start, checked });
  }
  return found;
}
