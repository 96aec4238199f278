import { type ClipFiles, openClipTowers } from "./clip-towers.ts";
import type { PerceptualMetric } from "./metric.ts";
import type { OnnxOptions } from "./onnx-file.ts";
import { cosineOf, difference } from "./vector.ts";

/**
 * The CLIP score and the directional CLIP score of the paper's Table 1. Vectors are normalised before they are
 * subtracted, as in StyleGAN-NADA (Gal et al. 2022), whose loss DiffusionCLIP shares; prompts are used as they are.
 */
export async function openClipScore(files: ClipFiles, options?: OnnxOptions): Promise<PerceptualMetric> {
  const towers = await openClipTowers(files, options);
  const texts = new Map<string, Promise<Float64Array>>();
  const textOf = (prompt: string) => {
    const known = texts.get(prompt) ?? towers.text(prompt);
    texts.set(prompt, known);
    return known;
  };
  // A source is compared with several pictures; its bytes are the same array then.
  const sources = new WeakMap<Uint8Array, Promise<Float64Array>>();
  const sourceOf = (rgb: Uint8Array) => {
    const known = sources.get(rgb) ?? towers.image(rgb);
    sources.set(rgb, known);
    return known;
  };
  return {
    keys: {
      clip_score: "100 × cosine of CLIP's vectors of the edited picture and of the target prompt",
      clip_directional:
        "cosine of the differences edited − source picture and target − source prompt of CLIP's unit vectors; " +
        "none where a picture is the source itself",
    },
    async measure({ picture, source, sourcePrompt, targetPrompt }) {
      const [target, before] = [await textOf(targetPrompt), await textOf(sourcePrompt)];
      const unedited = await sourceOf(source);
      const edited = picture === source ? unedited : await towers.image(picture);
      return {
        clip_score: 100 * cosineOf(edited, target),
        clip_directional: cosineOf(difference(edited, unedited), difference(target, before)),
      };
    },
    release: () => towers.release(),
  };
}
