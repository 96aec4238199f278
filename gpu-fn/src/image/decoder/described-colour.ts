/** Colours that a file describes in numbers instead of a profile: PNG's chunks and HEIF's `nclx`. */

/** Chromaticities x, y of white, red, green and blue (CIE 1931). */
export type Chromaticities = readonly [number, number, number, number, number, number, number, number];

export interface DescribedColour {
  readonly primaries: Chromaticities;
  /** Maps a file's value, 0…1, to light, 0…1: a power, or sRGB's curve. */
  readonly transfer: number | "srgb";
}

const D65 = [0.3127, 0.329] as const;
const BT709: Chromaticities = [...D65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];

/** Colour primaries of ITU-T H.273, table 2; others are read as 1. */
const PRIMARIES = new Map<number, Chromaticities>([
  [1, BT709],
  [4, [0.31, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08]],
  [5, [...D65, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06]],
  [6, [...D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07]],
  [7, [...D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07]],
  [9, [...D65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046]],
  [11, [0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06]],
  [12, [...D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06]],
]);

/**
 * Transfer characteristics of ITU-T H.273, table 3. Those of cameras (1, 6, 14, 15) are read with sRGB's curve, as browsers
 * do for still pictures. Those of HDR (16, 18) have no agreed conversion to 8 bits, and are left as they are.
 */
const TRANSFERS = new Map<number, DescribedColour["transfer"]>([
  [4, 2.2],
  [5, 2.8],
  [8, 1],
]);

const coded = (primaries: number, transfer: number): DescribedColour => ({
  primaries: PRIMARIES.get(primaries) ?? BT709,
  transfer: TRANSFERS.get(transfer) ?? "srgb",
});

const name = (text: string) =>
  text.charCodeAt(0) * 2 ** 24 + (text.charCodeAt(1) << 16) + (text.charCodeAt(2) << 8) + text.charCodeAt(3);

/** A file's colour description, and whether it overrides an embedded profile. */
export interface Description {
  readonly colour: DescribedColour;
  readonly overProfile: boolean;
}

/**
 * The colour description of a PNG (PNG, third edition, 4.3: `cICP` before `iCCP` before `sRGB` before `gAMA` and `cHRM`) or
 * of an AVIF (HEIF, ISO 23008-12, `colr` of type `nclx`); null if there is none, or if it is sRGB.
 */
export function describedColour(bytes: Uint8Array): Description | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12) return null;
  const found =
    view.getUint32(0) === 0x89504e47 ? ofPng(view) : view.getUint32(4) === name("ftyp") ? ofAvif(view) : null;
  return found === null || isSrgb(found.colour) ? null : found;
}

const isSrgb = ({ primaries, transfer }: DescribedColour) =>
  transfer === "srgb" && primaries.every((value, i) => Math.abs(value - (BT709[i] as number)) < 1e-3);

function ofPng(view: DataView): Description | null {
  let [gamma, primaries]: [number | null, Chromaticities] = [null, BT709];
  let srgb = false;
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const [length, type, start] = [view.getUint32(at), view.getUint32(at + 4), at + 8];
    if (type === name("IDAT") || start + length > view.byteLength) break;
    if (type === name("cICP") && length === 4)
      return { colour: coded(view.getUint8(start), view.getUint8(start + 1)), overProfile: true };
    if (type === name("sRGB")) srgb = true;
    if (type === name("gAMA") && length === 4) gamma = view.getUint32(start) / 100_000;
    if (type === name("cHRM") && length === 32)
      primaries = Array.from(
        { length: 8 },
        (_, i) => view.getUint32(start + 4 * i) / 100_000,
      ) as unknown as Chromaticities;
  }
  // writers of sRGB pictures use 1/2.2
  const transfer = gamma === null || gamma === 0 || Math.abs(gamma - 1 / 2.2) < 1e-3 ? "srgb" : 1 / gamma;
  if (srgb || primaries.some((value) => value <= 0 || value > 1)) return null;
  return { colour: { primaries, transfer }, overProfile: false };
}

function ofAvif(view: DataView): Description | null {
  const meta = box(view, 0, view.byteLength, "meta");
  // a full box: version and flags come before its contents
  const properties = meta && box(view, meta.start + 4, meta.end, "iprp");
  const container = properties && box(view, properties.start, properties.end, "ipco");
  if (!container) return null;
  for (let from = container.start; ; ) {
    const colour = box(view, from, container.end, "colr");
    if (colour === null) return null;
    if (colour.end - colour.start >= 11 && view.getUint32(colour.start) === name("nclx"))
      return {
        colour: coded(view.getUint16(colour.start + 4), view.getUint16(colour.start + 6)),
        overProfile: false,
      };
    from = colour.end;
  }
}

/** The start and end of the contents of the first box of a type within a range (ISO 14496-12, 4.2). */
function box(view: DataView, from: number, end: number, type: string): { start: number; end: number } | null {
  for (let at = from; at + 8 <= end; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > end) return null;
    if (view.getUint32(at + 4) === name(type)) return { start: at + 8, end: at + size };
    at += size;
  }
  return null;
}
