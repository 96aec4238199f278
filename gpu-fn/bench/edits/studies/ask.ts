import sharp from "sharp";
import { maskOptionsSchema } from "../../../../shared/mask.ts";
import type { Schedule } from "../../../../shared/schedule.ts";
import { editPortrait } from "../../../src/edit/edit.ts";
import type { InversionCache } from "../../../src/edit/inversion-cache.ts";
import { encodeGrey } from "../../../src/image/encode.ts";
import type { Model } from "../../../src/model/model.ts";
import type { EditedPictures } from "../editor.ts";

/** An edit as a user asks the product for it. */
export interface Asked {
  readonly png: Uint8Array;
  readonly prompt: string;
  readonly sourcePrompt: string;
  readonly schedule: Schedule;
  /** The user's own mask, coverage bytes of the photo's size; without one PASL locates. */
  readonly mask?: Uint8Array;
  /** What PASL looks for, each apart; default: the prompt. */
  readonly locate?: readonly string[];
  /** Edits of the same photo under one name share its inversion, which changes no picture. */
  readonly inversion?: { readonly cache: InversionCache; readonly scope: string };
}

/** The published method's answer, pasted back as the product does it. */
export async function ask(model: Model, asked: Asked): Promise<Required<EditedPictures>> {
  const { png, prompt, sourcePrompt, schedule, mask, locate, inversion } = asked;
  const { resolution } = model.manifest;
  const result = await editPortrait(
    model,
    {
      photo: { bytes: png },
      prompt,
      sourcePrompt,
      schedule,
      maskOptions: maskOptionsSchema.parse({}),
      composite: "paste-back",
      ...(mask && { mask: { bytes: await encodeGrey(mask, resolution, resolution) } }),
      ...(locate && { locate }),
      ...(inversion && { inversionScope: inversion.scope }),
    },
    inversion ? { inversions: inversion.cache } : {},
  );
  const { decoded: picture, reconstructed, edited } = result;
  return { picture, reconstructed, mask: result.mask, pasted: edited.rgb };
}

/** A square picture as the file that a user would send. */
export function pngOf(rgb: Uint8Array): Promise<Uint8Array> {
  const side = Math.sqrt(rgb.length / 3);
  return sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
