import sharp, { type Sharp } from "sharp";
import type { Photo } from "../../src/image/picture.ts";

/** Something that happens to a picture on its way. */
export interface Treatment {
  readonly name: string;
  readonly apply: (picture: Photo) => Promise<Photo>;
}

const open = ({ rgb, width, height }: Photo) => sharp(rgb, { raw: { width, height, channels: 3 } });

const treatment = (name: string, apply: (image: Sharp, picture: Photo) => Sharp): Treatment => ({
  name,
  apply: async (picture) => {
    const file = await apply(open(picture), picture).toBuffer();
    const { data: rgb, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgb, alpha: null };
  },
});

const resized = (image: Sharp, { width, height }: Photo, factor: number) =>
  image.resize(Math.round(width * factor), Math.round(height * factor), { fit: "fill" });

/** Treatments that keep the picture's size. */
export const TREATMENTS: readonly Treatment[] = [
  treatment("PNG", (image) => image.png()),
  treatment("JPEG 95", (image) => image.jpeg({ quality: 95 })),
  treatment("JPEG 80", (image) => image.jpeg({ quality: 80 })),
  treatment("JPEG 60", (image) => image.jpeg({ quality: 60 })),
  treatment("WebP 80", (image) => image.webp({ quality: 80 })),
  treatment("75 %", (image, picture) => resized(image, picture, 0.75).png()),
  treatment("50 %", (image, picture) => resized(image, picture, 0.5).png()),
  treatment("150 %", (image, picture) => resized(image, picture, 1.5).png()),
  treatment("50 %, JPEG 80", (image, picture) => resized(image, picture, 0.5).jpeg({ quality: 80 })),
];

/** Crops a twentieth of the picture at each side: 10 % of width and height. Needs a longer search. */
export const CROP: Treatment = treatment("crop 10 %", (image, { width, height }) =>
  image
    .extract({
      left: Math.round(width / 20),
      top: Math.round(height / 20),
      width: Math.round(0.9 * width),
      height: Math.round(0.9 * height),
    })
    .png(),
);
