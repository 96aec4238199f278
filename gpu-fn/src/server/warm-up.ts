import { join } from "node:path";
import sharp from "sharp";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import type { EditRequest } from "../edit/request.ts";
import type { Engine } from "../engine/engine.ts";
import { InputError } from "../errors.ts";
import { encodeGrey } from "../image/encode.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { LocateRequest } from "../region/request.ts";

/** Side of a small picture in which a face is found, in pixels. */
const SIDE = 128;
const PROMPT = "a person.";

/** Error codes for words that name no region, or a model without PASL. */
const NO_REGION: ReadonlySet<string> = new Set(["mask_empty", "mask_required"]);

/** Side of a picture that makes a model run at its largest size; a model without a window has only one size. */
export function warmUpSide({ window, resolution }: Pick<Manifest, "window" | "resolution">): number {
  return window === undefined ? SIDE : Math.max(SIDE, resolution);
}

/** A drawn portrait, because PASL locates words only if a face is found. */
const PORTRAIT = join(import.meta.dirname, "warm-up.webp");

/**
 * Makes one mask and one short edit of a drawn portrait with the default solver. Afterwards sessions that open on first
 * use are open, memory is allocated and kernels are chosen, before any user has to wait for that.
 * @param side of that picture, in pixels
 * @throws any error that keeps an edit from working; CanceledError
 */
export async function warmUp(
  engine: Pick<Engine, "edit" | "locate">,
  signal: AbortSignal,
  side = SIDE,
): Promise<void> {
  const photo = { bytes: await sharp(PORTRAIT).resize(side).png().toBuffer() };
  const maskOptions = maskOptionsSchema.parse({});
  await locateAnything(engine, { photo, locate: [PROMPT], maskOptions }, signal);
  const whole = new Uint8Array(side * side).fill(255);
  const request: EditRequest = {
    photo,
    mask: { bytes: await encodeGrey(whole, side, side) },
    prompt: PROMPT,
    sourcePrompt: PROMPT,
    maskOptions,
    schedule: scheduleSchema.parse({ steps: 2, structuring_steps: 1 }),
    composite: "none",
  };
  await engine.edit(request, { signal });
}

/** Runs PASL if the model has it. It is fine if the words name no region. */
async function locateAnything(
  { locate }: Pick<Engine, "locate">,
  request: LocateRequest,
  signal: AbortSignal,
): Promise<void> {
  try {
    await locate(request, { signal });
  } catch (error) {
    if (!(error instanceof InputError && NO_REGION.has(error.code))) throw error;
  }
}
