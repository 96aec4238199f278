/** All regions of a portrait in one SVG: tiles of a grid, so that one rasterisation serves eighteen masks. */

import { REGIONS, type Region } from "../../../../shared/regions.ts";
import type { Attributes } from "../attributes.ts";
import { regionSvg } from "./shapes.ts";

export const SHEET_COLUMNS = 6;
export const SHEET_ROWS = 3;

/** An SVG of one region, white on black. */
export function regionDocument(a: Attributes, region: Region, size: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 256 256"><rect width="256" height="256"/>${regionSvg(a, region)}</svg>`;
}

/** An SVG of the eighteen regions, six a row, each `size` pixels. */
export function regionSheet(a: Attributes, size: number): string {
  const tiles = REGIONS.map((region, i) => {
    const x = (i % SHEET_COLUMNS) * 256;
    const y = Math.floor(i / SHEET_COLUMNS) * 256;
    return `<clipPath id="t${i}"><rect x="${x}" y="${y}" width="256" height="256"/></clipPath><g clip-path="url(#t${i})"><g transform="translate(${x} ${y})">${regionSvg(a, region)}</g></g>`;
  });
  const width = SHEET_COLUMNS * 256;
  const height = SHEET_ROWS * 256;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SHEET_COLUMNS * size}" height="${SHEET_ROWS * size}" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}"/>${tiles.join("")}</svg>`;
}
