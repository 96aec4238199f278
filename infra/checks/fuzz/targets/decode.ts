import type fc from "fast-check";
import { inspect } from "../../../../edge/src/images/inspect.ts";
import { Refusal } from "../../../../edge/src/problem.ts";
import { InputError } from "../../../../gpu-fn/src/errors.ts";
import { decodeGrey, decodePhoto } from "../../../../gpu-fn/src/image/decode.ts";
import { decodePhotoHere } from "../../../../gpu-fn/src/image/decoder/decode-here.ts";
import { DecoderEndedError } from "../../../../gpu-fn/src/image/decoder/decoder.ts";
import { decodeMask } from "../../../../gpu-fn/src/image/drawn-mask.ts";
import { IMAGE_LIMITS } from "../../../../shared/image.ts";
import { HEIGHT, WIDTH } from "../photos.ts";
import { pictures } from "../pictures.ts";
import { sample } from "../sample.ts";
import { answerOf, must, type Target } from "../target.ts";

let made: Promise<fc.Arbitrary<Uint8Array>> | null = null;

async function make(seed: number): Promise<Uint8Array> {
  made ??= pictures();
  return sample(await made, seed);
}

/** A refusal in the code's own words; one for bringing the decoder's process down is a find. */
const withCode = (codes: RegExp) => (error: unknown) =>
  error instanceof InputError &&
  codes.test(error.code) &&
  !error.message.includes("\n") &&
  !(error.cause instanceof DecoderEndedError);

/** The size that the edge reads in the header; null if it refuses the picture. */
function measured(bytes: Uint8Array): { width: number; height: number } | null {
  try {
    return inspect(bytes);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Photos, as the GPU function decodes them: in a separate process, and for their processor time in this one. */
export const decodeTarget: Target = {
  name: "decode",
  limitMs: 5_000,
  make,
  feed: (bytes) =>
    answerOf(
      async () => {
        const { width, height, rgb, alpha } = await decodePhotoHere(bytes);
        must(Math.min(width, height) >= IMAGE_LIMITS.side, "sides are long enough");
        must(width * height <= IMAGE_LIMITS.pixels, "pixels are few enough");
        must(rgb.length === width * height * 3, "three bytes a pixel");
        const seen = measured(bytes);
        must(
          seen === null || (seen.width === width && seen.height === height),
          `edge and GPU function see one size, not ${seen?.width}×${seen?.height} and ${width}×${height}`,
        );
        must(alpha === null || alpha.length === width * height, "a byte of alpha a pixel");
        const there = await decodePhoto(bytes);
        must(Buffer.compare(there.rgb, rgb) === 0, "the process decodes what this one does");
      },
      withCode(/^image_(undecodable|animated|too_small|too_large)$/),
    ),
};

const PHOTO = { width: WIDTH, height: HEIGHT, rgb: new Uint8Array(3 * WIDTH * HEIGHT), alpha: null };

/** Masks: a drawn one over a photo of known size, and one as the function stores it. */
export const maskTarget: Target = {
  name: "mask",
  limitMs: 5_000,
  make,
  feed: async (bytes) => {
    const refused = withCode(/^mask_(invalid|empty)$/);
    const drawn = await answerOf(async () => {
      const { width, height, data } = await decodeMask(bytes, PHOTO);
      must(
        width === WIDTH && height === HEIGHT && data.length === WIDTH * HEIGHT,
        "the mask is the photo's size",
      );
      must(
        data.every((value) => value >= 0 && value <= 1),
        "coverage is a share",
      );
    }, refused);
    const stored = await answerOf(async () => {
      const { width, height, data } = await decodeGrey(bytes);
      must(data.length === width * height, "a byte a cell");
      must(data.length <= IMAGE_LIMITS.pixels, "cells are few enough");
    }, refused);
    return drawn === "accepted" || stored === "accepted" ? "accepted" : "refused";
  },
};
