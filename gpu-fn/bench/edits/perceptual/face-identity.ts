import { InputError } from "../../../src/errors.ts";
import { ALIGNED_BY, alignedCrop, centreCrop, FACE_SIDE, type FaceAlignment } from "./face-crop.ts";
import type { FaceLandmarks, PerceptualMetric } from "./metric.ts";
import { type OnnxOptions, openOnnx, outputOf, type Port, pictureInputs } from "./onnx-file.ts";
import { type Normalisation, pictureTensor } from "./picture-tensor.ts";
import { cosineOf } from "./vector.ts";

/** A face recogniser as a metric: its key, what it is, and what it does to bytes. */
export interface Recogniser {
  readonly key: string;
  readonly about: string;
  readonly normalisation: Normalisation;
}

/**
 * Identity: cosine of a recogniser's vectors of the edited face and of the source's, RGB at 112×112.
 * @throws WeightsError if the file does not take such a picture
 */
export async function openFaceIdentity(
  path: string,
  { key, about, normalisation }: Recogniser,
  alignment: FaceAlignment,
  options?: OnnxOptions,
): Promise<PerceptualMetric> {
  const file = await openOnnx(path, options);
  const [input] = pictureInputs(file, 1, FACE_SIDE) as [Port];
  const output = outputOf(file, "output", [2]);
  const crop = (rgb: Uint8Array, landmarks: FaceLandmarks | undefined) => {
    if (alignment === "centre") return centreCrop(rgb);
    if (landmarks === undefined) throw new InputError("option_invalid", `${key}: a picture has no landmarks`);
    return alignedCrop(rgb, landmarks);
  };
  const see = (rgb: Uint8Array, landmarks: FaceLandmarks | undefined) =>
    file.run({ [input.name]: pictureTensor(crop(rgb, landmarks), normalisation) }, output.name);
  // A source is compared with several pictures; its bytes are the same array then.
  const sources = new WeakMap<Uint8Array, Promise<Float32Array>>();
  return {
    keys: {
      [key]: `cosine of ${about}'s vectors of the edited face and of the source's; ${ALIGNED_BY[alignment]}`,
    },
    async measure({ picture, source, landmarks }) {
      const known = sources.get(source) ?? see(source, landmarks);
      sources.set(source, known);
      const edited = picture === source ? await known : await see(picture, landmarks);
      return { [key]: cosineOf(edited, await known) };
    },
    release: () => file.release(),
  };
}
