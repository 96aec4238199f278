import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { z } from "zod";
import type { Attributes } from "../../training/text2mask/render.ts";

const FOLDER = join(import.meta.dirname, "../classifier");

const descriptionSchema = z.object({
  binary: z.array(z.string()),
  threshold: z.number(),
  hair_colour: z.object({ offset: z.int(), values: z.array(z.string()) }),
  accuracy: z.object({ through_autoencoder: z.record(z.string(), z.number()) }),
});

/** The attribute classifier: trained on renders, raw and through the autoencoder, never on an edit. */
export interface Judge {
  /** Attributes it can judge. */
  readonly attributes: readonly string[];
  /** Its accuracy on held-out renders seen through the autoencoder, a figure an attribute. */
  readonly accuracy: Readonly<Record<string, number>>;
  /**
   * Whether it sees the attribute.
   * @param picture 128·128·3 bytes, RGB; @param asked the portrait as it should be: which hair colour counts
   */
  finds(picture: Uint8Array, attribute: string, asked: Attributes): Promise<boolean>;
}

export async function openJudge(): Promise<Judge> {
  const description = descriptionSchema.parse(
    JSON.parse(await readFile(join(FOLDER, "classifier.json"), "utf8")),
  );
  const session = await ort.InferenceSession.create(join(FOLDER, "classifier.onnx"));
  const { binary, threshold, hair_colour } = description;
  return {
    attributes: [...binary, "hair_color"],
    accuracy: description.accuracy.through_autoencoder,
    async finds(picture, attribute, asked) {
      const side = Math.sqrt(picture.length / 3);
      const images = new ort.Tensor("float32", planar(picture), [1, 3, side, side]);
      const logits = (await session.run({ images })).logits?.data as Float32Array;
      if (attribute !== "hair_color") return (logits[binary.indexOf(attribute)] as number) > threshold;
      const colours = logits.slice(hair_colour.offset, hair_colour.offset + hair_colour.values.length);
      return hair_colour.values[colours.indexOf(Math.max(...colours))] === asked.hairColor;
    },
  };
}

function planar(rgb: Uint8Array): Float32Array {
  const pixels = rgb.length / 3;
  return Float32Array.from(
    { length: rgb.length },
    (_, i) => (rgb[(i % pixels) * 3 + Math.floor(i / pixels)] as number) / 127.5 - 1,
  );
}
