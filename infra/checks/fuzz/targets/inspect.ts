import type fc from "fast-check";
import { inspect } from "../../../../edge/src/images/inspect.ts";
import { Refusal } from "../../../../edge/src/problem.ts";
import { IMAGE_LIMITS, PHOTO_TYPES } from "../../../../shared/image.ts";
import { headers } from "../pictures.ts";
import { sample } from "../sample.ts";
import { answerOf, must, type Target } from "../target.ts";

let made: Promise<fc.Arbitrary<Uint8Array>> | null = null;

/** Headers of pictures, as the edge reads them. */
export const inspectTarget: Target = {
  name: "inspect",
  limitMs: 50,
  make: async (seed) => {
    made ??= headers();
    return sample(await made, seed);
  },
  feed: (bytes) =>
    answerOf(
      () => {
        const { width, height, contentType } = inspect(bytes);
        must(Number.isInteger(width) && Number.isInteger(height), "sides are whole numbers");
        must(Math.min(width, height) >= IMAGE_LIMITS.side, "sides are long enough");
        must(width * height <= IMAGE_LIMITS.pixels, "pixels are few enough");
        must(PHOTO_TYPES.includes(contentType), "the type is a photo's");
      },
      (error) => error instanceof Refusal && /^(image_rejected|payload_too_large)$/.test(error.code),
    ),
};
