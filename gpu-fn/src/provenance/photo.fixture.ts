import type { Region } from "../../training/text2mask/render.ts";
import { portrait, renderPortrait, renderRegion } from "../../training/text2mask/render.ts";
import type { Photo } from "../image/picture.ts";

const SEED = 910_003;

/** A portrait that was not used in any training. */
export async function portraitPhoto(size: number, seed = SEED): Promise<Photo> {
  return {
    width: size,
    height: size,
    rgb: Uint8Array.from(await renderPortrait(portrait(seed), size)),
    alpha: null,
  };
}

/** The mask of one of its regions: 255 inside. */
export async function regionMask(region: Region, size: number): Promise<Uint8Array> {
  return renderRegion(portrait(SEED), region, size);
}
