import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { z } from "zod";
import type { Attributes } from "../../training/text2mask/render.ts";

const FOLDER = join(import.meta.dirname, "classifier");

/** Of portraits that it never saw; of the benchmark's own test photos where it was tried on them. */
const accuraciesSchema = z.object({
  through_autoencoder: z.record(z.string(), z.number()),
  test_through_autoencoder: z.record(z.string(), z.number()).optional(),
});

const descriptionSchema = z.object({
  binary: z.array(z.string()),
  hair_colour: z.object({ offset: z.int(), values: z.array(z.string()) }),
  accuracy: accuraciesSchema,
  balanced_accuracy: accuraciesSchema,
});

/** What the classifier makes of one picture. */
export interface Sight {
  /** Classification score of an attribute, 0…1: a sigmoid, or a hair colour's share of the softmax. */
  readonly scores: Readonly<Record<string, number>>;
  /** Activations of the layer below the logits. */
  readonly features: Float32Array;
}

/** A classifier of attributes, in drawings or in photos: trained on them raw and through the autoencoder, never on an edit. */
export interface Judge {
  /** Its accuracy on held-out portraits seen through the autoencoder, a figure an attribute. */
  readonly accuracy: Readonly<Record<string, number>>;
  /** The same as the mean of its accuracy on yes and on no: what counts where an attribute is rare. What it was not tried on is absent. */
  readonly balancedAccuracy: Readonly<Record<string, number>>;
  /** @param picture 128·128·3 bytes, RGB */
  see(picture: Uint8Array): Promise<Sight>;
}

export async function openJudge(of: "drawings" | "photos"): Promise<Judge> {
  const description = descriptionSchema.parse(JSON.parse(await readFile(join(FOLDER, `${of}.json`), "utf8")));
  const session = await ort.InferenceSession.create(join(FOLDER, `${of}.onnx`));
  const { binary, hair_colour, accuracy, balanced_accuracy } = description;
  return {
    accuracy: accuracy.test_through_autoencoder ?? accuracy.through_autoencoder,
    balancedAccuracy: balanced_accuracy.test_through_autoencoder ?? balanced_accuracy.through_autoencoder,
    async see(picture) {
      const side = Math.sqrt(picture.length / 3);
      const images = new ort.Tensor("float32", planar(picture), [1, 3, side, side]);
      const { logits, features } = await session.run({ images });
      const values = logits?.data as Float32Array;
      const scores: Record<string, number> = {};
      binary.forEach((name, i) => {
        scores[name] = 1 / (1 + Math.exp(-(values[i] as number)));
      });
      const colours = [...values.slice(hair_colour.offset, hair_colour.offset + hair_colour.values.length)];
      const weights = colours.map((value) => Math.exp(value - Math.max(...colours)));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      hair_colour.values.forEach((colour, i) => {
        scores[`${colour}_hair`] = (weights[i] as number) / total;
      });
      return { scores, features: features?.data as Float32Array };
    },
  };
}

/** The classifier's name for what an edit asks for: `hair_color` is the colour that the portrait is to have. */
export function askedScore(attribute: string, asked: Attributes): string {
  if (attribute !== "hair_color") return attribute;
  return `${asked.hairColor === "dark brown" ? "brown" : asked.hairColor}_hair`;
}

/** Cosine of two feature vectors; these are not negative, so 0…1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] as number) * (b[i] as number);
    aa += (a[i] as number) ** 2;
    bb += (b[i] as number) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

function planar(rgb: Uint8Array): Float32Array {
  const pixels = rgb.length / 3;
  return Float32Array.from(
    { length: rgb.length },
    (_, i) => (rgb[(i % pixels) * 3 + Math.floor(i / pixels)] as number) / 127.5 - 1,
  );
}
