import sharp from "sharp";
import type { Photo } from "./decode.ts";

/** The square of a photo that the model sees, in pixels of the photo. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Share of a tall photo's spare height that is left above the square: faces stand in the upper part. */
const HEADROOM = 1 / 3;

/** The largest square of a photo: centred across, in the upper part of a tall photo. */
export function portraitSquare(width: number, height: number): Square {
  const side = Math.min(width, height);
  return {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - side) * HEADROOM),
    side,
  };
}

/**
 * The square at the model's resolution.
 * @returns `[1,3,resolution,resolution]` as planar fp32 in −1…1, that is x/127.5 − 1; transparent parts on white
 */
export async function toModel(photo: Photo, square: Square, resolution: number): Promise<Float32Array> {
  const { width, height, rgb, alpha } = photo;
  const opaque = alpha === null ? rgb : overWhite(rgb, alpha);
  const { left, top, side } = square;
  const data = await sharp(opaque, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .extract({ left, top, width: side, height: side })
    .resize(resolution, resolution, { kernel: "lanczos3", fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
  const pixels = resolution * resolution;
  const planar = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++) planar[c * pixels + i] = (data[3 * i + c] as number) / 127.5 - 1;
  return planar;
}

/** The decoder's `[1,3,r,r]` in −1…1 as interleaved RGB bytes, `r·r·3`; values beyond the range are clamped. */
export function fromModel(planar: Float32Array): Uint8Array {
  const pixels = planar.length / 3;
  const rgb = new Uint8Array(planar.length);
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++) {
      const value = Math.round(((planar[c * pixels + i] as number) + 1) * 127.5);
      rgb[3 * i + c] = Math.min(255, Math.max(0, value));
    }
  return rgb;
}

function overWhite(rgb: Uint8Array, alpha: Uint8Array): Uint8Array {
  const opaque = new Uint8Array(rgb.length);
  for (let i = 0; i < alpha.length; i++) {
    const a = (alpha[i] as number) / 255;
    for (let c = 0; c < 3; c++)
      opaque[3 * i + c] = Math.round((rgb[3 * i + c] as number) * a + 255 * (1 - a));
  }
  return opaque;
}
