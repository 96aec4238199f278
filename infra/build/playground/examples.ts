import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import sharp from "sharp";

const EXAMPLES = join(import.meta.dirname, "../../../gpu-fn/examples");

/** Side of a thumbnail in pixels: twice its size on the page, for dense screens. */
const THUMBNAIL = 192;

/** The example portraits, and their thumbnails. */
export async function writeExamples(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(EXAMPLES).filter((file) => file.endsWith(".png"))) {
    copyFileSync(join(EXAMPLES, name), join(folder, name));
    const thumbnail = sharp(join(EXAMPLES, name)).resize(THUMBNAIL, THUMBNAIL).webp({ quality: 80 });
    await thumbnail.toFile(join(folder, `${basename(name, ".png")}.webp`));
  }
}
