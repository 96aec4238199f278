/** The user's classifier of facial attributes: an ONNX file, and beside it a JSON that says how it is to be used. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { WeightsError } from "../../../src/errors.ts";
import { type OnnxOptions, openOnnx, outputOf, type Port, pictureInputs } from "../perceptual/onnx-file.ts";
import { ofUnit, pictureTensor, sideOf } from "../perceptual/picture-tensor.ts";
import { resample } from "../perceptual/resample.ts";

const triple = z.array(z.number()).length(3);

/** `classifier.json` beside `classifier.onnx`. */
const descriptionSchema = z.strictObject({
  /** Side of the square RGB picture it takes: fp32 [1, 3, side, side]. */
  input_size: z.int().min(1).max(2048),
  /** Of values 0…1, for each channel. */
  mean: triple,
  std: triple,
  /** CelebA's names of the output's values, in order. */
  names: z.array(z.string().min(1)).min(1),
  /** What the values are: logits go through a sigmoid. */
  output: z.enum(["logits", "probabilities"]),
  /** How pictures are brought to its size. */
  resample: z.enum(["bilinear", "bicubic"]).default("bilinear"),
});

export interface PhotoClassifier {
  readonly names: readonly string[];
  /** @param rgb a square picture; @returns scores 0…1 by name */
  scores(rgb: Uint8Array): Promise<Readonly<Record<string, number>>>;
  release(): Promise<void>;
}

/** @throws WeightsError if the file or its description is missing or does not fit, one line */
export async function openClassifier(path: string, options?: OnnxOptions): Promise<PhotoClassifier> {
  const { names, input_size: size, mean, std, output, resample: filter } = await describe(path);
  const file = await openOnnx(path, options);
  const [input] = pictureInputs(file, 1, size) as [Port];
  const port = outputOf(file, "logits", [2]);
  const normalisation = ofUnit(mean, std);
  // A source is scored beside several pictures; its bytes are the same array then.
  const known = new WeakMap<Uint8Array, Promise<Readonly<Record<string, number>>>>();
  const see = async (rgb: Uint8Array) => {
    const picture = pictureTensor(resample(rgb, sideOf(rgb), size, filter), normalisation);
    const values = await file.run({ [input.name]: picture }, port.name);
    if (values.length !== names.length)
      throw new WeightsError(
        `${file.name}: it gives ${values.length} values, its description names ${names.length}`,
      );
    const scoreOf = (value: number) => (output === "logits" ? 1 / (1 + Math.exp(-value)) : value);
    return Object.fromEntries(names.map((name, i) => [name, scoreOf(values[i] as number)]));
  };
  return {
    names,
    scores(rgb) {
      const scores = known.get(rgb) ?? see(rgb);
      known.set(rgb, scores);
      return scores;
    },
    release: () => file.release(),
  };
}

async function describe(path: string): Promise<z.output<typeof descriptionSchema>> {
  const beside = path.replace(/\.onnx$/i, "").concat(".json");
  const text = await readFile(beside, "utf8").catch((cause: unknown) => {
    throw new WeightsError(`${beside} cannot be read: it says how the classifier is used`, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new WeightsError(`${beside} is not JSON`, { cause });
  }
  const read = descriptionSchema.safeParse(json);
  if (read.success) return read.data;
  const { path: place, message } = read.error.issues[0] as z.core.$ZodIssue;
  throw new WeightsError(`${beside}: ${[place.join("."), message].filter(Boolean).join(": ")}`);
}
