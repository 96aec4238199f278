import type { FaceAlignment } from "./face-crop.ts";
import { openFaceIdentity } from "./face-identity.ts";
import type { PerceptualMetric } from "./metric.ts";
import type { OnnxOptions } from "./onnx-file.ts";
import { even } from "./picture-tensor.ts";

/** ArcFace (Deng et al. 2019) as insightface exports it: RGB, (x − 127.5) / 127.5. The paper's ID is 100 times this. */
export function openArcface(
  path: string,
  alignment: FaceAlignment,
  options?: OnnxOptions,
): Promise<PerceptualMetric> {
  const recogniser = { key: "identity_arcface", about: "ArcFace", normalisation: even(127.5, 127.5) };
  return openFaceIdentity(path, recogniser, alignment, options);
}
