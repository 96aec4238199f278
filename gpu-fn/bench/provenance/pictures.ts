import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { decodePhoto } from "../../src/image/decode.ts";
import { feathered } from "../../src/image/feather.ts";
import type { Photo } from "../../src/image/picture.ts";
import { stream } from "../../training/text2mask/random.ts";
import { portrait, type Region, renderPortrait, renderRegion } from "../../training/text2mask/render.ts";

/** A picture to mark, and where. */
export interface Case {
  readonly group: string;
  readonly region: string;
  readonly picture: Photo;
  /** `width·height` bytes; null is the whole picture. */
  readonly mask: Uint8Array | null;
}

/** Regions of a portrait from a small to a large one. */
const RENDERED_REGIONS: readonly (Region | "whole")[] = ["lips", "eyeglasses", "hair", "skin", "whole"];

/** Deviation of the grain that makes a render a photo of a camera, in levels of 255. */
const GRAIN = 3;

/** Feather of a mask, as a fraction of the region's own size: the product's own default for a located one. */
const FEATHER = 0.01;

/** A held-out portrait with grain. */
export async function renderedPhoto(seed: number, size: number): Promise<Photo> {
  const rgb = Uint8Array.from(await renderPortrait(portrait(seed), size));
  const { next } = stream(seed, `grain ${size}`);
  for (let i = 0; i < rgb.length; i++) {
    // Box and Muller's normal deviates
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    rgb[i] = Math.min(255, Math.max(0, Math.round((rgb[i] as number) + GRAIN * normal)));
  }
  return { width: size, height: size, rgb, alpha: null };
}

/** Each region that a portrait has. */
export async function renderedCases(seed: number, size: number): Promise<Case[]> {
  const picture = await renderedPhoto(seed, size);
  const cases: Case[] = [];
  for (const region of RENDERED_REGIONS) {
    const hard = region === "whole" ? null : await renderRegion(portrait(seed), region, size);
    const soft = hard && (await feathered({ width: size, height: size, data: hard }, FEATHER));
    const mask = soft?.data ?? null;
    if (mask === null || mask.some((value) => value > 127))
      cases.push({ group: `render ${size}`, region, picture, mask });
  }
  return cases;
}

/** A square of a thirty-second of the side: too small to carry a mark. */
export function tinyCase([first]: readonly Case[]): Case {
  if (first === undefined) throw new Error("there is no case to take the picture from");
  const { width, height } = first.picture;
  const side = Math.floor(width / 32);
  const mask = new Uint8Array(width * height);
  for (let y = side; y < 2 * side; y++) mask.fill(255, y * width + side, y * width + 2 * side);
  return { ...first, region: "tiny", mask };
}

/** Shares of a photo that an ellipse covers, for photos without a given region. */
const PHOTO_SHARES = [0.03, 0.1, 0.25] as const;

/** Every picture of a folder, at most `side` pixels long, with ellipses as regions. */
export async function photoCases(folder: string, side: number): Promise<Case[]> {
  const cases: Case[] = [];
  for (const name of (await readdir(folder)).sort().filter((file) => /\.(?:png|jpe?g|webp)$/i.test(file))) {
    const given = sharp(await readFile(join(folder, name))).resize(side, side, { fit: "inside" });
    const picture = await decodePhoto(await given.png().toBuffer());
    for (const share of PHOTO_SHARES) {
      const hard = ellipse(picture, share);
      const { width, height } = picture;
      const { data: mask } = await feathered({ width, height, data: hard }, FEATHER);
      cases.push({ group: `photos ${side}`, region: `${100 * share} %`, picture, mask });
    }
    cases.push({ group: `photos ${side}`, region: "whole", picture, mask: null });
  }
  return cases;
}

function ellipse({ width, height }: Photo, share: number): Uint8Array {
  const radius = Math.sqrt(share / Math.PI);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) / width - 0.5, Math.floor(i / width) / height - 0.4];
    return Math.hypot(x, y) < radius ? 255 : 0;
  });
}

/** The prompts for the portraits among the examples. */
const EDITS = [
  { region: "glasses", prompt: "a person wearing glasses", locate: "eyeglasses" },
  { region: "beard", prompt: "a person with a full beard", locate: "beard" },
  { region: "hair", prompt: "a person with blonde hair", locate: "hair" },
] as const;

/** Edits that the model makes of an example, with the masks it finds. */
export async function editedCases(engine: Engine, example: string): Promise<Case[]> {
  const bytes = await readFile(example);
  const cases: Case[] = [];
  for (const { region, prompt, locate } of EDITS) {
    const { edited, mask } = await engine.edit({
      photo: { bytes },
      prompt,
      sourcePrompt: "a person",
      locate: [locate],
      maskOptions: maskOptionsSchema.parse({}),
      schedule: scheduleSchema.parse({ steps: 8, structuring_steps: 2 }),
      composite: "paste-back",
    });
    cases.push({ group: `edits ${edited.width}`, region, picture: edited, mask });
  }
  return cases;
}
