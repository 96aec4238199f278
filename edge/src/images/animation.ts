/**
 * Whether a file holds more than one frame, by its headers alone: APNG's `acTL` chunk before the first `IDAT` (PNG third
 * edition 11.3.6.1), WebP's animation flag in `VP8X` (RFC 9649 2.7), AVIF's sequence brand `avis` (AVIF 1.1, 6.3).
 */
export function isAnimated(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 32) return false;
  if (view.getUint32(0) === fourCC("\x89PNG")) return hasAnimationControl(view);
  if (view.getUint32(8) === fourCC("WEBP") && view.getUint32(12) === fourCC("VP8X"))
    return (view.getUint8(20) & 0x02) !== 0;
  return view.getUint32(4) === fourCC("ftyp") && view.getUint32(8) === fourCC("avis");
}

function hasAnimationControl(view: DataView): boolean {
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type === fourCC("acTL")) return true;
    if (type === fourCC("IDAT")) return false;
  }
  return false;
}

function fourCC(text: string): number {
  return [...text].reduce((code, letter) => code * 256 + letter.charCodeAt(0), 0);
}
