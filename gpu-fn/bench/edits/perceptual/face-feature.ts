import { basename } from "node:path";
import type { FaceAlignment } from "./face-crop.ts";
import { openFaceIdentity } from "./face-identity.ts";
import type { PerceptualMetric } from "./metric.ts";
import type { OnnxOptions } from "./onnx-file.ts";
import { even } from "./picture-tensor.ts";

/** Key of a recogniser that has no name but its file's: `fr_feature.onnx` gives `identity_fr_feature`. */
export function faceFeatureKey(path: string): string {
  const stem = basename(path).replace(/\.onnx$/i, "");
  return `identity_${stem.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`;
}

/**
 * The recogniser of npm's `faceplugin-face-recognition-js` (`model/fr_feature.onnx`, 112×112 → 512), with that
 * package's own (x − 127) / 128 on RGB. It is not ArcFace.
 */
export function openFaceFeature(
  path: string,
  alignment: FaceAlignment,
  options?: OnnxOptions,
): Promise<PerceptualMetric> {
  const about = `${basename(path)} (not ArcFace)`;
  const recogniser = { key: faceFeatureKey(path), about, normalisation: even(127, 128) };
  return openFaceIdentity(path, recogniser, alignment, options);
}
