// A process that opens each graph of a model on the rehearsed GPU and makes the runtime log where its nodes run:
// `node placement.ts SCENE`. It uses few blocks of each kind, since all are placed alike.
import * as ort from "onnxruntime-node";
import { graphsOf } from "../../../gpu-fn/src/doctor/graphs.ts";
import { readManifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import type { Scene } from "./stage.ts";

const { manifest: path } = JSON.parse(process.argv[2] ?? "") as Scene;
const { flux, t5, defaults, ...manifest } = await readManifest(path);
const short = {
  ...manifest,
  flux: { ...flux, config: { ...flux.config, depth: 1, depth_single_blocks: 2 } },
  t5: { ...t5, config: { ...t5.config, num_layers: 2 } },
  defaults: { ...defaults, value_blocks: 2 },
};

for (const [, make] of graphsOf(short, manifest.devices.cuda.compute)) {
  const graph = make();
  const session = await ort.InferenceSession.create(graph.bytes, {
    executionProviders: ["cuda"],
    graphOptimizationLevel: "all",
    ...{ logSeverityLevel: 0, logVerbosityLevel: 1 },
    extra: { session: { model_external_initializers_file_folder_path: graph.weightsFolder } },
  });
  await session.release();
}
