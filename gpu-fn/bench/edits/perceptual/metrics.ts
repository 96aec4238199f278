/** The figures of the paper's Table 1 that need networks which the user supplies. */
import { z } from "zod";
import { InputError } from "../../../src/errors.ts";
import { mean } from "../metrics.ts";
import { openArcface } from "./arcface.ts";
import { openClipScore } from "./clip.ts";
import type { FaceAlignment } from "./face-crop.ts";
import { faceFeatureKey, openFaceFeature } from "./face-feature.ts";
import { openLpips } from "./lpips.ts";
import type { PerceptualMetric } from "./metric.ts";
import type { OnnxOptions } from "./onnx-file.ts";

const path = z.string().min(1, "a path is empty").optional();

/** Paths to what the user has; every figure without its files is absent. */
const perceptualFilesSchema = z
  .object({
    clipImage: path,
    clipText: path,
    clipTokenizer: path,
    lpips: path,
    arcface: path,
    faceFeature: path,
  })
  .refine(
    ({ clipImage, clipText, clipTokenizer }) =>
      new Set([clipImage, clipText, clipTokenizer].map((file) => file === undefined)).size === 1,
    "--clip-image, --clip-text and --clip-tokenizer belong together: give all three or none",
  )
  .refine(
    ({ faceFeature }) => faceFeature === undefined || !faceFeatureKey(faceFeature).includes("arcface"),
    "--face-feature is for fr_feature.onnx; ArcFace has other preprocessing: give it as --arcface",
  );

export type PerceptualFiles = z.input<typeof perceptualFilesSchema>;

/**
 * Opens the metrics that there are files for.
 * @param alignment of faces: five points where every comparison has landmarks
 * @returns one metric with the keys of all of them; undefined without any file
 * @throws InputError if a file of a set is missing; WeightsError if one does not fit
 */
export async function openPerceptual(
  files: PerceptualFiles,
  alignment: FaceAlignment,
  options: OnnxOptions = {},
): Promise<PerceptualMetric | undefined> {
  const checked = perceptualFilesSchema.safeParse(files);
  if (!checked.success) throw new InputError("option_invalid", checked.error.issues[0]?.message ?? "");
  const { clipImage, clipText, clipTokenizer, lpips, arcface, faceFeature } = checked.data;
  const metrics: PerceptualMetric[] = [];
  if (clipImage !== undefined && clipText !== undefined && clipTokenizer !== undefined)
    metrics.push(
      await openClipScore({ image: clipImage, text: clipText, tokenizer: clipTokenizer }, options),
    );
  if (lpips !== undefined) metrics.push(await openLpips(lpips, options));
  if (arcface !== undefined) metrics.push(await openArcface(arcface, alignment, options));
  if (faceFeature !== undefined) metrics.push(await openFaceFeature(faceFeature, alignment, options));
  return metrics.length === 0 ? undefined : together(metrics);
}

function together(metrics: readonly PerceptualMetric[]): PerceptualMetric {
  return {
    keys: Object.assign({}, ...metrics.map(({ keys }) => keys)),
    async measure(compared) {
      const found: Record<string, number> = {};
      for (const metric of metrics) Object.assign(found, await metric.measure(compared));
      return found;
    },
    async release() {
      for (const metric of metrics) await metric.release();
    },
  };
}

/** Mean of each key over several pictures, undefined values left out; nothing if there were no metrics. */
export function perceptualMeans(
  measured: readonly (Readonly<Record<string, number>> | undefined)[],
): Readonly<Record<string, number>> {
  const keys = new Set(measured.flatMap((figures) => Object.keys(figures ?? {})));
  return Object.fromEntries(
    [...keys].map((key) => [key, mean(measured.map((figures) => figures?.[key] ?? Number.NaN))]),
  );
}
