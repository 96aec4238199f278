import { WeightsError } from "../../../src/errors.ts";
import type { PerceptualMetric } from "./metric.ts";
import { type OnnxOptions, openOnnx, outputOf, type Port, pictureInputs } from "./onnx-file.ts";
import { even, pictureTensor, sideOf } from "./picture-tensor.ts";

/** Bytes to −1…1, as LPIPS takes pictures by default (`normalize=False`). */
const NORMALISATION = even(127.5, 127.5);

/**
 * LPIPS (Zhang et al. 2018) of an edited picture and its source, at the pictures' own size: the reference resizes
 * nothing. Which backbone it has is the file's matter.
 * @throws WeightsError if the file does not take two pictures and give one number
 */
export async function openLpips(path: string, options?: OnnxOptions): Promise<PerceptualMetric> {
  const file = await openOnnx(path, options);
  const inputs = pictureInputs(file, 2, "any") as [Port, Port];
  const output = outputOf(file, "lpips", [0, 1, 2, 4]);
  return {
    keys: {
      lpips: `LPIPS of the edited picture and the source by ${file.name}, whole pictures; lower is better`,
    },
    async measure({ picture, source }) {
      const side = sideOf(source);
      pictureInputs(file, 2, side);
      const feeds = Object.fromEntries(
        inputs.map(({ name }, i) => [name, pictureTensor(i === 0 ? picture : source, NORMALISATION)]),
      );
      const values = await file.run(feeds, output.name);
      if (values.length !== 1)
        throw new WeightsError(
          `${file.name}: expected one distance a pair, it gives ${values.length} values`,
        );
      return { lpips: values[0] as number };
    },
    release: () => file.release(),
  };
}
