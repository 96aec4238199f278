/** An edit of a synthetic photo with a synthetic mask. */
import type { EditRequest } from "../../gpu-fn/src/edit/request.ts";
import { encodeGrey, encodePhoto } from "../../gpu-fn/src/image/encode.ts";
import { maskOptionsSchema } from "../../shared/mask.ts";
import type { Schedule } from "../../shared/schedule.ts";

export interface DrawnEdit {
  /** The photo's size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Side of the mask's square in the middle. */
  readonly box: number;
  readonly schedule: Schedule;
}

export async function requestOf({ width, height, box, schedule }: DrawnEdit): Promise<EditRequest> {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, index) => (7 * index) & 255);
  const grey = new Uint8Array(width * height);
  const [left, top] = [Math.floor((width - box) / 2), Math.floor((height - box) / 2)];
  for (let y = top; y < top + box; y++) grey.fill(255, y * width + left, y * width + left + box);
  return {
    photo: { bytes: await encodePhoto({ width, height, rgb, alpha: null }, "png") },
    mask: { bytes: await encodeGrey(grey, width, height) },
    prompt: "a woman wearing glasses",
    sourcePrompt: "a woman.",
    maskOptions: maskOptionsSchema.parse({}),
    schedule,
    composite: "paste-back",
  };
}
