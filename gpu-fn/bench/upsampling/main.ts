// `npm run bench:upsampling`: should an edit's change be enlarged along the photo's edges? Drawn portraits and their true
// counterfactuals at 512 pixels are reduced to the embedded model's size and enlarged again.
import sharp from "sharp";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { whole } from "../../src/cli/numbers.ts";
import { pasteBack } from "../../src/image/composite.ts";
import { EDIT_ATTRIBUTES, portrait, renderPortrait, renderRegion } from "../../training/text2mask/render.ts";
import { psnrInside } from "../edits/metrics.ts";
import { markdown } from "../kit/markdown.ts";
import { guided } from "./guided.ts";

const SIDES = { small: 128, large: 512 } as const;
const FILTER = { radius: 1, epsilon: 1e-3 } as const;

/** First seed of the held-out portraits. */
const SEED = 99_000;

const reduced = async (rgb: Uint8Array) =>
  new Uint8Array(
    await sharp(rgb, { raw: { width: SIDES.large, height: SIDES.large, channels: 3 } })
      .resize(SIDES.small, SIDES.small, { kernel: "lanczos3" })
      .raw()
      .toBuffer(),
  );

const luma = (rgb: Uint8Array) =>
  Float32Array.from({ length: rgb.length / 3 }, (_, i) => {
    const [r, g, b] = [rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]] as [number, number, number];
    return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
  });

/** The photo plus the change, enlarged along the photo's edges, inside the mask. */
function movedAlong(photo: Uint8Array, before: Uint8Array, after: Uint8Array, mask: Uint8Array): Uint8Array {
  const [guide, finer] = [luma(before), luma(photo)];
  const channels = [0, 1, 2].map((c) => {
    const moved = guide.map((_, i) => (after[3 * i + c] as number) - (before[3 * i + c] as number));
    return guided(moved, guide, finer, SIDES, FILTER);
  });
  return photo.map((value, at) => {
    const pixel = Math.floor(at / 3);
    const change = ((channels[at % 3]?.[pixel] as number) * (mask[pixel] as number)) / 255;
    return Math.min(255, Math.max(0, Math.round(value + change)));
  });
}

async function bench({ perAttribute }: { readonly perAttribute: number }): Promise<void> {
  const rows: { readonly name: string; readonly pasted: number; readonly along: number }[] = [];
  for (const [name, edit] of Object.entries(EDIT_ATTRIBUTES)) {
    let [pasted, along, count] = [0, 0, 0];
    for (let seed = SEED; count < perAttribute; seed++) {
      const face = portrait(seed);
      if (!edit.applicable(face)) continue;
      const [photo, truth, mask] = await Promise.all([
        renderPortrait(face, SIDES.large),
        renderPortrait(edit.apply(face), SIDES.large),
        renderRegion(face, edit.region, SIDES.large),
      ]);
      const [before, after] = await Promise.all([reduced(photo), reduced(truth)]);
      const size = { width: SIDES.large, height: SIDES.large };
      const pair = {
        edited: after,
        reconstructed: before,
        size: { width: SIDES.small, height: SIDES.small },
      };
      const part = { left: 0, top: 0, ...size };
      const now = await pasteBack({ ...size, rgb: photo, alpha: null }, pair, part, mask);
      pasted += psnrInside(now.rgb, truth, mask);
      along += psnrInside(movedAlong(photo, before, after, mask), truth, mask);
      count++;
    }
    rows.push({ name, pasted: pasted / count, along: along / count });
  }
  const db = (value: number) => value.toFixed(1);
  const mean = (of: "pasted" | "along") => rows.reduce((sum, row) => sum + row[of], 0) / rows.length;
  const body = rows.map(({ name, pasted, along }) => [name, db(pasted), db(along)]);
  body.push(["mean", db(mean("pasted")), db(mean("along"))]);
  process.stdout.write(`${markdown(["dB inside the region", "as it is pasted", "along edges"], body)}\n`);
}

await runCommand(
  projectCommand("bench:upsampling", "Compare ways to enlarge an edit's change.")
    .option("--per-attribute <k>", "portraits of each attribute", whole(1), 2)
    .action(bench),
);
