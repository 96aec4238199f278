import type { Photo } from "../../src/image/picture.ts";
import { detect, detectWhole } from "../../src/provenance/watermark/detect.ts";
import { type Held, type MarkKey, markPicture, payloadOf } from "../../src/provenance/watermark/mark.ts";
import { patternsOf } from "../../src/provenance/watermark/pattern.ts";
import type { Case } from "./pictures.ts";
import { CROP, TREATMENTS } from "./treatments.ts";

/** One picture, marked and treated. */
export interface Measured {
  readonly group: string;
  readonly region: string;
  /** Pixels of full coverage that the region amounts to. */
  readonly pixels: number;
  /** Share of the picture, 0…1. */
  readonly share: number;
  readonly held: Held;
  /** Of the mark inside the region, each pixel weighed by the mask, and over the whole picture; dB. */
  readonly psnr: { readonly region: number; readonly picture: number };
  /** Bytes that changed where the mask is 0. */
  readonly outside: number;
  readonly ms: number;
  /** For each treatment whether the mark with its payload was read. */
  readonly read: Readonly<Record<string, boolean>>;
}

/** @param cropped whether the longer search of a cropped picture is measured too */
export async function measure(
  { group, region, picture, mask }: Case,
  key: MarkKey,
  cropped: boolean,
): Promise<Measured> {
  const since = performance.now();
  const marked = await markPicture(picture, mask, key);
  const ms = performance.now() - since;
  const payload = payloadOf(key.tag);
  const read: Record<string, boolean> = {};
  for (const { name, apply } of cropped ? [...TREATMENTS, CROP] : TREATMENTS) {
    const look = name === CROP.name ? detect : detectWhole;
    // an unmarked picture says nothing about treatments
    const seen = marked.held === "none" ? null : await look(await apply(marked.picture), key.patterns);
    read[name] = seen?.found === true && seen.payload === payload;
  }
  return { group, region, held: marked.held, ms, read, ...distortion(picture, marked.picture, mask) };
}

function distortion(before: Photo, after: Photo, mask: Uint8Array | null) {
  let [squares, weight, outside] = [0, 0, 0];
  const pixels = before.width * before.height;
  for (let i = 0; i < pixels; i++) {
    const m = mask === null ? 1 : (mask[i] as number) / 255;
    weight += m;
    for (let c = 3 * i; c < 3 * i + 3; c++) {
      const moved = (after.rgb[c] as number) - (before.rgb[c] as number);
      squares += moved * moved;
      if (m === 0 && moved !== 0) outside++;
    }
  }
  const psnr = (count: number) =>
    squares === 0 ? Number.NaN : 10 * Math.log10((255 ** 2 * 3 * count) / squares);
  return {
    pixels: Math.round(weight),
    share: weight / pixels,
    psnr: { region: psnr(weight), picture: psnr(pixels) },
    outside,
  };
}

/** Marks found by mistake in unmarked pictures, with many keys. */
export async function falseFinds(pictures: readonly Photo[], keys: number, croppedKeys: number) {
  let [looks, finds, highest] = [0, 0, 0];
  for (const [i, picture] of pictures.entries())
    for (let k = 0; k < keys; k++) {
      const patterns = patternsOf(`a key of another deployment, number ${i}-${k}`);
      const seen = await (k < croppedKeys ? detect : detectWhole)(picture, patterns);
      looks++;
      if (seen.found) finds++;
      highest = Math.max(highest, seen.score);
    }
  return { looks, cropped: pictures.length * croppedKeys, finds, highest };
}
