import sharp from "sharp";
import { maskOptionsSchema } from "../../../../shared/mask.ts";
import type { Schedule } from "../../../../shared/schedule.ts";
import { editPortrait } from "../../../src/edit/edit.ts";
import type { InversionCache } from "../../../src/edit/inversion-cache.ts";
import { wholeOf } from "../../../src/image/crop.ts";
import { inspectImage } from "../../../src/image/decode.ts";
import { encodeGrey, encodePhoto } from "../../../src/image/encode.ts";
import { laidOnto } from "../../../src/image/turn.ts";
import type { Model } from "../../../src/model/model.ts";
import type { AskedEdit, CasePictures } from "../cases.ts";
import { picturesOf } from "../result-pictures.ts";

/** What is edited: a file, and the part of it that pictures and masks show. */
export type Sent = Pick<CasePictures, "file" | "part">;

/** How an edit is asked for, as a user asks the product. */
export interface Asking {
  readonly schedule: Schedule;
  /** The user's own mask, coverage bytes of a square over what the pictures show; without one PASL locates. */
  readonly mask?: Uint8Array;
  /** Edits of the same photo under one name share its inversion, which changes no picture. */
  readonly inversion?: { readonly cache: InversionCache; readonly scope: string };
}

/** The published method's answer, pasted back as the product does it; `delivered` is the file that the user gets. */
export async function ask(
  model: Model,
  { targetPrompt: prompt, sourcePrompt, locate }: Pick<AskedEdit, "targetPrompt" | "sourcePrompt" | "locate">,
  sent: Sent,
  { schedule, mask, inversion }: Asking,
) {
  const result = await editPortrait(
    model,
    {
      photo: { bytes: sent.file },
      prompt,
      sourcePrompt,
      schedule,
      maskOptions: maskOptionsSchema.parse({}),
      composite: "paste-back",
      ...(mask && { mask: { bytes: await maskFile(mask, sent) } }),
      ...(locate && { locate }),
      ...(inversion && { inversionScope: inversion.scope }),
    },
    inversion ? { inversions: inversion.cache } : {},
  );
  return { ...(await picturesOf(result, sent)), delivered: () => encodePhoto(result.edited, "png") };
}

/** A square mask as a user would send it: of the file's size. */
async function maskFile(mask: Uint8Array, { file, part }: Sent): Promise<Uint8Array> {
  const side = Math.sqrt(mask.length);
  if (part === undefined) return encodeGrey(mask, side, side);
  const size = await inspectImage(file);
  const square = { data: mask, width: side, height: side, channels: 1 } as const;
  const data = laidOnto(square, part, wholeOf(size), size, { beyond: "nothing" });
  return encodeGrey(data, size.width, size.height);
}

/** A square picture as the file that a user would send. */
export function pngOf(rgb: Uint8Array): Promise<Uint8Array> {
  const side = Math.sqrt(rgb.length / 3);
  return sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
