/** CLIP's two towers as ONNX files with projections (Radford et al. 2021): text and pictures as unit vectors of one space. */
import * as ort from "onnxruntime-node";
import { WeightsError } from "../../../src/errors.ts";
import { CLIP_LENGTH, openClipTokens } from "./clip-tokens.ts";
import {
  described,
  type OnnxFile,
  type OnnxOptions,
  openOnnx,
  outputOf,
  type Port,
  pictureInputs,
} from "./onnx-file.ts";
import { ofUnit, pictureTensor, sideOf } from "./picture-tensor.ts";
import { resample } from "./resample.ts";
import { normalised } from "./vector.ts";

/** Side of the picture that ViT-L/14, ViT-B/16 and ViT-B/32 take. */
const SIDE = 224;
const NORMALISATION = ofUnit([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]);

export interface ClipTowers {
  /** @param rgb a square picture; @returns its unit vector */
  image(rgb: Uint8Array): Promise<Float64Array>;
  text(prompt: string): Promise<Float64Array>;
  release(): Promise<void>;
}

export interface ClipFiles {
  readonly image: string;
  readonly text: string;
  readonly tokenizer: string;
}

/** @throws WeightsError if a file does not fit, one line */
export async function openClipTowers(files: ClipFiles, options: OnnxOptions = {}): Promise<ClipTowers> {
  const [image, text] = await Promise.all([openOnnx(files.image, options), openOnnx(files.text, options)]);
  const [pixels] = pictureInputs(image, 1, SIDE) as [Port];
  const imageOutput = outputOf(image, "image_embeds", [2]);
  const textOutput = outputOf(text, "text_embeds", [2]);
  const { ids, mask, length } = textInputs(text);
  const { tokenize, endTokenId } = await openClipTokens(files.tokenizer, length);
  let width: number | undefined;
  const unit = (vector: Float32Array) => {
    width ??= vector.length;
    if (vector.length === width) return normalised(vector);
    throw new WeightsError(
      `${image.name} and ${text.name} are not of one CLIP: vectors of ${width} and of ${vector.length}`,
    );
  };
  return {
    async image(rgb) {
      const square = resample(rgb, sideOf(rgb), SIDE, "bicubic");
      const feeds = { [pixels.name]: pictureTensor(square, NORMALISATION) };
      return unit(await image.run(feeds, imageOutput.name));
    },
    async text(prompt) {
      const row = tokenize(prompt);
      const end = row.indexOf(endTokenId);
      const feeds = { [ids.name]: tensorOf(row, ids) };
      if (mask !== undefined)
        feeds[mask.name] = tensorOf(
          row.map((_, i) => (i <= end ? 1 : 0)),
          mask,
        );
      return unit(await text.run(feeds, textOutput.name));
    },
    async release() {
      await Promise.all([image.release(), text.release()]);
    },
  };
}

/** The inputs of a text tower: `input_ids` [B, S] and, in some exports, `attention_mask`. */
function textInputs(file: OnnxFile): { ids: Port; mask: Port | undefined; length: number } {
  const mask = file.inputs.find(({ name }) => name === "attention_mask");
  const [ids, ...others] = file.inputs.filter((port) => port !== mask);
  const whole = [ids, mask].every((port) => port === undefined || ["int32", "int64"].includes(port.type));
  if (ids === undefined || others.length > 0 || ids.shape.length !== 2 || !whole)
    throw new WeightsError(
      `${file.name}: expected token ids [1,${CLIP_LENGTH}] of whole numbers, it has ${described(file.inputs)}`,
    );
  const length = ids.shape[1];
  return { ids, mask, length: typeof length === "number" && length > 0 ? length : CLIP_LENGTH };
}

function tensorOf(row: readonly number[], { type }: Port): ort.Tensor {
  const shape = [1, row.length];
  if (type === "int32") return new ort.Tensor("int32", Int32Array.from(row), shape);
  return new ort.Tensor("int64", BigInt64Array.from(row.map(BigInt)), shape);
}
