import { fourCC } from "./four-cc.ts";

/** A box of ISO 14496-12, 4.2: where its content starts and ends. */
interface Box {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/** Maximum number of boxes read per level; files of real encoders have a dozen in each. */
const BOXES_MAX = 256;

const [FTYP, AVIF, META, IPRP, IPCO, ISPE, IROT] = [
  "ftyp",
  "avif",
  "meta",
  "iprp",
  "ipco",
  "ispe",
  "irot",
].map(fourCC);

/**
 * Width and height of an AVIF's largest image, upright (HEIF, ISO 23008-12, 6.5.3 `ispe` and 6.5.10 `irot`); null for
 * other files and if the boxes describe none. Anything after the first 256 boxes of a level is not read.
 */
export function avifSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12 || view.getUint32(4) !== FTYP || view.getUint32(8) !== AVIF) return null;
  const meta = inside(view, { start: 0, end: view.byteLength }, META);
  // a full box: version and flags come before its contents
  const properties = meta && inside(view, { ...meta, start: meta.start + 4 }, IPRP);
  const container = properties && inside(view, properties, IPCO);
  if (!container) return null;
  let [width, height, rotated] = [0, 0, false];
  for (const { type, start, end } of boxes(view, container)) {
    if (type === IROT && end > start) rotated = (view.getUint8(start) & 1) === 1;
    if (type !== ISPE || end - start < 12) continue;
    const [across, down] = [view.getUint32(start + 4), view.getUint32(start + 8)];
    if (across * down > width * height) [width, height] = [across, down];
  }
  return rotated ? { width: height, height: width } : { width, height };
}

const inside = (view: DataView, range: Pick<Box, "start" | "end">, type: number | undefined) =>
  boxes(view, range).find((box) => box.type === type);

function boxes(view: DataView, { start, end }: Pick<Box, "start" | "end">): Box[] {
  const found: Box[] = [];
  for (let at = start; at + 8 <= end && found.length < BOXES_MAX; ) {
    const size = view.getUint32(at);
    // 0 (to the file's end) and 1 (a size of 64 bits) are for boxes of pixels
    if (size < 8 || at + size > end) break;
    found.push({ type: view.getUint32(at + 4), start: at + 8, end: at + size });
    at += size;
  }
  return found;
}
