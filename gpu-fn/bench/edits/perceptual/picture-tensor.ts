import * as ort from "onnxruntime-node";

/** What a network subtracts from a byte of each channel, and divides by. */
export interface Normalisation {
  readonly mean: readonly [red: number, green: number, blue: number];
  readonly scale: readonly [red: number, green: number, blue: number];
}

/** The same for the three channels. */
export function even(mean: number, scale: number): Normalisation {
  return { mean: [mean, mean, mean], scale: [scale, scale, scale] };
}

/** As torchvision has it: of values 0…1. */
export function ofUnit(mean: readonly number[], scale: readonly number[]): Normalisation {
  const [r = 0, g = 0, b = 0] = mean.map((value) => 255 * value);
  const [sr = 255, sg = 255, sb = 255] = scale.map((value) => 255 * value);
  return { mean: [r, g, b], scale: [sr, sg, sb] };
}

/** The side of a square picture, pixels. */
export const sideOf = (rgb: Uint8Array): number => Math.sqrt(rgb.length / 3);

/**
 * A square RGB picture as a network takes it.
 * @returns fp32 [1, 3, side, side], (byte − mean) / scale
 */
export function pictureTensor(rgb: Uint8Array, { mean, scale }: Normalisation): ort.Tensor {
  const side = sideOf(rgb);
  const pixels = side * side;
  const planar = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++)
      planar[c * pixels + i] = ((rgb[3 * i + c] as number) - (mean[c] as number)) / (scale[c] as number);
  return new ort.Tensor("float32", planar, [1, 3, side, side]);
}
