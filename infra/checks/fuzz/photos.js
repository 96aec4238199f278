// Real files of every format that is taken, with what they may carry, written by libvips.
import sharp from "sharp";
export const WIDTH = 80;
export const HEIGHT = 72;
const pixels = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 7 + (i >> 8) * 13) % 256));
const photo = () => sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const WRITERS = [
    (image) => image.jpeg(),
    (image) => image.withMetadata({ orientation: 6 }).jpeg({ progressive: true }),
    (image) => image.withIccProfile("p3").jpeg({ chromaSubsampling: "4:4:4" }),
    (image) => image.withIccProfile("cmyk").jpeg(),
    (image) => image.png(),
    (image) => image.withMetadata({ orientation: 5 }).withIccProfile("p3").png({ progressive: true }),
    (image) => image.ensureAlpha(0.5).toColourspace("rgb16").png(),
    (image) => image.png({ palette: true }),
    (image) => image.greyscale().png(),
    (image) => image.webp(),
    (image) => image.ensureAlpha(0.5).webp({ lossless: true }),
    (image) => image.withMetadata({ orientation: 8 }).withIccProfile("p3").webp(),
    (image) => image.avif({ effort: 0 }),
    (image) => image.ensureAlpha(0.5).withIccProfile("p3").avif({ effort: 0 }),
    (image) => image.withMetadata({ orientation: 6 }).avif({ effort: 0 }),
    (image) => image.gif(),
    (image) => image.tiff(),
];
let made = null;
/** The files; animations and two formats that are refused are among them. Made once. */
export function photos() {
    made ??= Promise.all([
        ...WRITERS.map(async (write) => new Uint8Array(await write(photo()).toBuffer())),
        animation(),
    ]);
    return made;
}
async function animation() {
    const frames = [await photo().png().toBuffer(), await photo().negate().png().toBuffer()];
    return new Uint8Array(await sharp(frames, { join: { animated: true } })
        .webp()
        .toBuffer());
}
