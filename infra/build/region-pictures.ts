// The pictures of edge/docs/regions.md: where the eighteen regions are found in a photo and in a drawn portrait.
//   node infra/run.mjs infra/build/region-pictures.ts PHOTO
// PHOTO is NASA's portrait of Eileen Collins (public domain), skimage/data/astronaut.png of PyPI's scikit-image.
import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import sharp from "sharp";
import { type Engine, openEngine } from "../../gpu-fn/src/engine/engine.ts";
import { decodePhoto } from "../../gpu-fn/src/image/decode.ts";
import { sharedDecoder } from "../../gpu-fn/src/image/decoder/decoder.ts";
import { maskOptionsSchema } from "../../shared/mask.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "edge/docs/pictures");

/** The prompt for each region, in the regions' order. */
const PROMPTS = [
  "with a beard",
  "with a slim lower face",
  "with a double chin",
  "with pale skin",
  "with black hair",
  "with a receding hairline",
  "with bangs",
  "with a slightly opened mouth",
  "wearing red lipstick",
  "with a big nose",
  "with bushy eyebrows",
  "with dark circles under eyes",
  "with red eye pupils",
  "with large eyes",
  "with heavy makeup",
  "with rosy cheeks",
  "with a sad expression",
  "wearing glasses",
];

const [TILE, LABEL, COLUMNS] = [200, 24, 6];

/** The photo, darkened outside the region. */
async function tile(engine: Engine, bytes: Uint8Array, prompt: string): Promise<Buffer> {
  const photo = await decodePhoto(bytes);
  const { mask } = await engine.locate({
    photo: { bytes },
    locate: [`a person ${prompt}`],
    maskOptions: maskOptionsSchema.parse({}),
  });
  const shown = photo.rgb.map((value, i) => {
    const share = (mask.data[Math.floor(i / 3)] as number) / 255;
    return Math.round(value * (0.25 + 0.75 * share));
  });
  const { width, height } = photo;
  const picture = await sharp(shown, { raw: { width, height, channels: 3 } })
    .resize(TILE, TILE, { fit: "contain" })
    .png()
    .toBuffer();
  const label = `<svg width="${TILE}" height="${LABEL}"><text x="4" y="16" font-family="sans-serif" font-size="13">${prompt}</text></svg>`;
  return sharp({ create: { width: TILE, height: TILE + LABEL, channels: 3, background: "#fff" } })
    .composite([
      { input: picture, left: 0, top: 0 },
      { input: Buffer.from(label), left: 0, top: TILE },
    ])
    .png()
    .toBuffer();
}

async function sheet(engine: Engine, bytes: Uint8Array): Promise<Buffer> {
  const tiles: Buffer[] = [];
  for (const prompt of PROMPTS) tiles.push(await tile(engine, bytes, prompt));
  const size = { width: COLUMNS * TILE, height: Math.ceil(tiles.length / COLUMNS) * (TILE + LABEL) };
  return sharp({ create: { ...size, channels: 3, background: "#fff" } })
    .composite(
      tiles.map((input, i) => ({
        input,
        left: (i % COLUMNS) * TILE,
        top: Math.floor(i / COLUMNS) * (TILE + LABEL),
      })),
    )
    .jpeg({ quality: 82 })
    .toBuffer();
}

const [astronaut] = process.argv.slice(2);
if (astronaut === undefined)
  throw new Error("name the photo: skimage/data/astronaut.png of PyPI's scikit-image");
const engine = await openEngine(join(ROOT, "gpu-fn/models/mini/manifest.json"));
try {
  for (const [name, file] of [
    ["regions-photo", astronaut],
    ["regions-drawing", join(ROOT, "gpu-fn/examples/portrait-02.png")],
  ] as const) {
    const path = join(FOLDER, `${name}.jpg`);
    await writeFile(path, await sheet(engine, await readFile(file)));
    process.stdout.write(`${relative("", path)}\n`);
  }
} finally {
  await engine.close();
  sharedDecoder().close();
}
