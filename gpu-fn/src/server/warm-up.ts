import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import type { EditRequest } from "../edit/request.ts";
import type { Engine } from "../engine/engine.ts";
import { InputError } from "../errors.ts";
import { encodeGrey, encodePhoto } from "../image/encode.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { LocateRequest } from "../region/request.ts";

/** Side of the smallest picture that is taken, in pixels. */
const SIDE = 64;
const PROMPT = "a person.";

/** Side of the picture that makes a model work at its largest size; without a window it knows no other. */
export function warmUpSide({ window, resolution }: Pick<Manifest, "window" | "resolution">): number {
  return window === undefined ? SIDE : Math.max(SIDE, resolution);
}

/**
 * Makes one mask and one short edit of a grey picture with the default solver: sessions that open with their first use
 * are open then, memory is allocated, and kernels are chosen, before anybody waits for it.
 * @param side of that picture, in pixels
 * @throws whatever keeps an edit from working; CanceledError
 */
export async function warmUp(
  engine: Pick<Engine, "edit" | "locate">,
  signal: AbortSignal,
  side = SIDE,
): Promise<void> {
  const grey = (level: number) => new Uint8Array(side * side).fill(level);
  const rgb = new Uint8Array(3 * side * side).fill(128);
  const photo = { bytes: await encodePhoto({ width: side, height: side, rgb, alpha: null }, "png") };
  const maskOptions = maskOptionsSchema.parse({});
  await locateAnything(engine, { photo, locate: [PROMPT], maskOptions }, signal);
  const request: EditRequest = {
    photo,
    mask: { bytes: await encodeGrey(grey(255), side, side) },
    prompt: PROMPT,
    sourcePrompt: PROMPT,
    maskOptions,
    schedule: scheduleSchema.parse({ steps: 2, structuring_steps: 1 }),
    composite: "none",
  };
  await engine.edit(request, { signal });
}

/** PASL runs, if the model has it; that a grey picture is refused, as it shows nobody, is as it should be. */
async function locateAnything(
  { locate }: Pick<Engine, "locate">,
  request: LocateRequest,
  signal: AbortSignal,
): Promise<void> {
  try {
    await locate(request, { signal });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}
