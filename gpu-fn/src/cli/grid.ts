import sharp from "sharp";
import type { Panels } from "./editor.ts";

const GAP = 8;

/** Source, mask over the dimmed source, and result, side by side as PNG. */
export async function gridImage({ source, edited, mask }: Panels): Promise<Uint8Array> {
  const { width, height } = source;
  const raw = { width, height, channels: 3 } as const;
  const shown = source.rgb.map((value, i) => {
    const m = (mask[Math.floor(i / 3)] as number) / 255;
    return Math.round(value * (0.3 + 0.7 * m));
  });
  const result =
    edited.width === width && edited.height === height
      ? edited.rgb
      : await sharp(edited.rgb, { raw: { width: edited.width, height: edited.height, channels: 3 } })
          .resize(width, height, { fit: "contain", background: "white" })
          .raw()
          .toBuffer();
  const panels = [source.rgb, shown, result];
  return sharp({
    create: { width: 3 * width + 2 * GAP, height, channels: 3, background: "white" },
    limitInputPixels: false,
  })
    .composite(
      panels.map((input, i) => ({ input: Buffer.from(input), raw, left: i * (width + GAP), top: 0 })),
    )
    .png()
    .toBuffer();
}
