/** The renderer's public face: pixels of a portrait and of its regions. Pure but for the rasteriser. */
import sharp from "sharp";
import { REGIONS, type Region } from "../../../shared/regions.ts";
import type { Attributes } from "./attributes.ts";
import { regionDocument, regionSheet, SHEET_COLUMNS, SHEET_ROWS } from "./regions/sheet.ts";
import { portraitSvg } from "./scene.ts";

export { REGIONS, type Region } from "../../../shared/regions.ts";
export { type Attributes, portrait, withAttribute } from "./attributes.ts";
export { captions } from "./captions.ts";
export { EDIT_ATTRIBUTES, type EditAttribute } from "./counterfactual.ts";
export { phrases } from "./phrases.ts";

/** Changes whenever a seed's pixels, masks or captions change: datasets of different versions must not mix. */
export const RENDERER_VERSION = "text2mask-1";

/** A portrait as raw RGB, `size`×`size`×3 bytes. */
export async function renderPortrait(attributes: Attributes, size: number): Promise<Buffer> {
  return sharp(Buffer.from(portraitSvg(attributes, size)))
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer();
}

/** Coverage of one region, 0 outside to 255 inside, `size`×`size` bytes. */
export async function renderRegion(attributes: Attributes, region: Region, size: number): Promise<Buffer> {
  return sharp(Buffer.from(regionDocument(attributes, region, size)))
    .extractChannel(0)
    .raw()
    .toBuffer();
}

/** Coverage of all eighteen regions in the order of REGIONS: 18×`size`×`size` bytes, from one rasterisation. */
export async function renderRegions(attributes: Attributes, size: number): Promise<Buffer> {
  const sheet = await sharp(Buffer.from(regionSheet(attributes, size)))
    .extractChannel(0)
    .raw()
    .toBuffer();
  if (sheet.length !== SHEET_COLUMNS * SHEET_ROWS * size * size)
    throw new Error("region sheet has a wrong size");
  const masks = Buffer.alloc(REGIONS.length * size * size);
  const width = SHEET_COLUMNS * size;
  for (let i = 0; i < REGIONS.length; i++) {
    const left = (i % SHEET_COLUMNS) * size;
    const top = Math.floor(i / SHEET_COLUMNS) * size;
    for (let y = 0; y < size; y++) {
      const from = (top + y) * width + left;
      sheet.copy(masks, (i * size + y) * size, from, from + size);
    }
  }
  return masks;
}
