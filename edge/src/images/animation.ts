import { fourCC } from "./four-cc.ts";

const [PNG, ACTL, IDAT, WEBP, VP8X, FTYP, AVIS] = [
  "\x89PNG",
  "acTL",
  "IDAT",
  "WEBP",
  "VP8X",
  "ftyp",
  "avis",
].map(fourCC);

/**
 * Whether a file holds more than one frame, from its headers only: APNG's `acTL` chunk before the first `IDAT` (PNG
 * third edition 11.3.6.1), WebP's animation flag in `VP8X` (RFC 9649 2.7), AVIF's sequence brand `avis` (AVIF 1.1,
 * 6.3).
 */
export function isAnimated(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 32) return false;
  if (view.getUint32(0) === PNG) return hasAnimationControl(view);
  if (view.getUint32(8) === WEBP && view.getUint32(12) === VP8X) return (view.getUint8(20) & 0x02) !== 0;
  return view.getUint32(4) === FTYP && view.getUint32(8) === AVIS;
}

function hasAnimationControl(view: DataView): boolean {
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type === ACTL) return true;
    if (type === IDAT) return false;
  }
  return false;
}
