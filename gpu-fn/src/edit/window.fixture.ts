// For tests: edits of a portrait in a larger picture, by models with and without a window.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import type { Rectangle } from "../image/picture.ts";
import type { Model } from "../model/model.ts";
import type { Ablation } from "./ablation.ts";
import { editPortrait } from "./edit.ts";
import type { InversionCache } from "./inversion-cache.ts";
import type { EditRequest, EditResult } from "./request.ts";

export const STEPS = 2;
export const [WIDTH, HEIGHT] = [500, 360];
export const PROMPT = "a person wearing glasses";

const example = await readFile(join(import.meta.dirname, "../../examples/portrait-01.png"));
export const portrait = await sharp(example).resize(256, 256).png().toBuffer();

const noise = Buffer.from(Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => (i * 31 + (i >> 9)) % 256));
/** The portrait surrounded by coloured noise, in which every shift shows. */
export const photo = await sharp(noise, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
  .blur(2)
  .composite([{ input: portrait, left: 120, top: 50 }])
  .png()
  .toBuffer();

/** A drawn mask: white is edited. */
export function drawn(
  { left, top, width, height }: Rectangle,
  across = WIDTH,
  down = HEIGHT,
): Promise<Buffer> {
  const white = { create: { width, height, channels: 3, background: "#fff" } } as const;
  return sharp({ create: { width: across, height: down, channels: 3, background: "#000" } })
    .composite([{ input: white, left, top }])
    .png()
    .toBuffer();
}

export interface Change extends Partial<Omit<EditRequest, "ablation" | "mask">> {
  readonly ablation?: Partial<Ablation>;
  readonly mask?: Uint8Array;
  readonly structuring?: number;
}

export function requestOf({ ablation, mask, structuring = 1, ...change }: Change): EditRequest {
  return {
    photo: { bytes: photo },
    prompt: PROMPT,
    sourcePrompt: "a person.",
    maskOptions: maskOptionsSchema.parse({}),
    schedule: scheduleSchema.parse({ steps: STEPS, structuring_steps: structuring }),
    composite: "paste-back",
    ...change,
    ...(mask && { mask: { bytes: mask } }),
    ...(ablation ? { ablation } : {}),
  };
}

export function edit(model: Model, given: Change = {}, inversions?: InversionCache): Promise<EditResult> {
  return editPortrait(model, requestOf(given), inversions ? { inversions } : {});
}

/** Largest difference between corresponding bytes. */
export function furthest(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}
