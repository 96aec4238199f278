/**
 * Renders the example portraits: `node gpu-fn/training/text2mask/examples.ts`.
 * Their seeds are neither training, validation nor bench seeds, and none of them wears glasses.
 */
import { join } from "node:path";
import sharp from "sharp";
import { portrait, renderPortrait } from "./render.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const SEEDS = [505, 667, 660, 556, 732, 663, 735, 572];
/** Pixels a side: users' photos are larger than the model's input, so the examples are too. */
const SIZE = 512;

for (const [i, seed] of SEEDS.entries()) {
  const a = portrait(seed);
  if (a.eyewear !== "none") throw new Error(`seed ${seed} wears glasses`);
  const raw = { width: SIZE, height: SIZE, channels: 3 as const };
  const file = join(EXAMPLES, `portrait-${String(i + 1).padStart(2, "0")}.png`);
  await sharp(await renderPortrait(a, SIZE), { raw })
    .png({ compressionLevel: 9, palette: false })
    .toFile(file);
  process.stdout.write(`${file}: ${a.age} ${a.gender}, ${a.hairColor} ${a.hairStyle} hair\n`);
}
