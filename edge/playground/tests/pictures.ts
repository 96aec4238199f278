import sharp from "sharp";

/** A file as a page's input takes it. */
export interface PictureFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const example = (number: number) =>
  new URL(`../../../gpu-fn/examples/portrait-0${number}.png`, import.meta.url).pathname;

const png = (name: string, buffer: Buffer): PictureFile => ({ name, mimeType: "image/png", buffer });

/** A landscape of nothing: no face anywhere. */
export async function noFace(): Promise<PictureFile> {
  const size = { width: 640, height: 480, channels: 3 as const };
  return png(
    "sea.png",
    await sharp({ create: { ...size, background: "#39c" } })
      .png()
      .toBuffer(),
  );
}

/** Two example portraits side by side. */
export async function twoFaces(): Promise<PictureFile> {
  const width = 2 * 512;
  const canvas = sharp({ create: { width, height: 512, channels: 3, background: "#fff" } });
  const portraits = [
    { input: example(2), left: 0, top: 0 },
    { input: example(7), left: 512, top: 0 },
  ];
  return png("two.png", await canvas.composite(portraits).png().toBuffer());
}

/** An example with the noise of a camera. */
export async function grainy(): Promise<PictureFile> {
  const grain = await sharp({
    create: {
      width: 512,
      height: 512,
      channels: 3,
      background: "#000",
      noise: { type: "gaussian", mean: 0, sigma: 24 },
    },
  })
    .png()
    .toBuffer();
  const buffer = await sharp(example(2))
    .composite([{ input: grain, blend: "add" }])
    .png()
    .toBuffer();
  return png("grainy.png", buffer);
}

/** An example of more pixels than the API takes. */
export async function tooLarge(): Promise<PictureFile> {
  return png("large.png", await sharp(example(2)).resize(5600, 5600).png({ compressionLevel: 1 }).toBuffer());
}
