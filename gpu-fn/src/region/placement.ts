/** What the model sees of a photo for one edit, and where in that view the edit acts. */
import type { MaskOptions } from "../../../shared/mask.ts";
import { clippedTo } from "../image/grey.ts";
import type { Grey, Mask, Part, Photo } from "../image/picture.ts";
import { boundsOf, editWindow } from "../image/window.ts";
import { fusionMask, type GivenMask, pasteMask, workedMask } from "./edit-region.ts";
import { endingSoftly } from "./soft-end.ts";
import { squareView, type View, type ViewingModel } from "./view.ts";

export interface Placement extends View {
  /** M on the view's tokens, fp32 in 0…1, which fuses latents and values (Eq. 13, 15). */
  readonly tokens: Mask;
  /** The paste-back mask at the photo's size. A located region may go on beyond the view, a drawn one ends there. */
  readonly paste: Grey;
}

/**
 * Models without a window see the photo's square, and only the part of a drawn mask inside it counts. Models with a
 * window see the surroundings of the mask, wherever it is.
 * @throws InputError `mask_empty` if nothing would be edited
 */
export async function placeEdit(
  model: ViewingModel,
  { photo, square }: { readonly photo: Photo; readonly square: Part },
  given: GivenMask,
  options: MaskOptions,
): Promise<Placement> {
  const { over } = given;
  const whole = workedMask(given, options);
  const worked = over === null ? whole : endingSoftly(whole, over, photo);
  const paste = await pasteMask(worked, over, photo, options);
  const view = model.manifest.window ? windowView(model, paste, photo) : squareView(model, square);
  return {
    ...view,
    tokens: fusionMask(worked, over, view, options),
    paste: over === null ? clippedTo(paste, view.window.part) : paste,
  };
}

/** The window of a model that has one, around everything that is pasted. */
function windowView({ manifest, unit }: ViewingModel, paste: Grey, photo: Photo): View {
  const { min = 0, margin = 0 } = manifest.window ?? {};
  const box = boundsOf(paste) ?? { left: 0, top: 0, width: photo.width, height: photo.height };
  const window = editWindow(box, photo, { margin, multiple: unit, min, max: manifest.resolution });
  return { window, grid: { rows: window.size.height / unit, columns: window.size.width / unit } };
}
