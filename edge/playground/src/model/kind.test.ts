import { readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { JUDGED_SIDE, kindOf } from "./kind.ts";

const EXAMPLES = join(import.meta.dirname, "../../../../gpu-fn/examples");
const portraits = readdirSync(EXAMPLES).filter((name) => name.endsWith(".png"));

async function kindOfFile(picture: string | Buffer): Promise<string> {
  const { data, info } = await sharp(picture)
    .resize(JUDGED_SIDE, JUDGED_SIDE, { fit: "inside" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return kindOf(new Uint8ClampedArray(data), info.width, info.height);
}

test.each(portraits)("%s is a drawing, as JPEG too, and with a camera's noise it is none", async (name) => {
  const file = join(EXAMPLES, name);
  expect(await kindOfFile(file)).toBe("drawing");
  expect(await kindOfFile(await sharp(file).jpeg({ quality: 80 }).toBuffer())).toBe("drawing");
  const { width = 0, height = 0 } = await sharp(file).metadata();
  const noise = { width, height, channels: 3 as const, background: "#000" };
  const grain = await sharp({ create: { ...noise, noise: { type: "gaussian", mean: 0, sigma: 24 } } })
    .png()
    .toBuffer();
  const grainy = await sharp(file)
    .composite([{ input: grain, blend: "add" }])
    .png()
    .toBuffer();
  expect(await kindOfFile(grainy)).toBe("photograph");
});
