/** Locates the region of an edit, encodes the view that the model sees, and plans the edit. */
import { toModel } from "../image/crop.ts";
import { editedRows } from "../method/edited-rows.ts";
import { maskAs } from "../method/structuring.ts";
import { findRegion, type LocatedRegion } from "../region/locate.ts";
import { squareView, type View } from "../region/view.ts";
import { type EditPlan, planEdit } from "./edit-plan.ts";
import type { KeptInversion } from "./inversion-cache.ts";
import type { Job } from "./job.ts";
import { latentOf } from "./latents.ts";

/** A view of the photo, encoded. */
interface Encoded {
  readonly planned: EditPlan;
  /** The inversion that an earlier edit left of exactly this view. */
  readonly known: KeptInversion | undefined;
  /** `[1,3,h,w]` in −1…1. */
  readonly image: Float32Array;
  /** Z_0, packed tokens [L, C]. */
  readonly clean: Float32Array;
}

export interface Located extends Encoded {
  readonly region: LocatedRegion;
  /** M on the view's tokens, [L] in 0…1. */
  readonly mask: Float32Array;
  /** Indices of the view's tokens that the edit computes; undefined if it computes all. */
  readonly rows: Int32Array | undefined;
}

/** Locates the region first, because the encoded view may be a window around it. */
export async function locateAndEncode(job: Job): Promise<Located> {
  const { model, request, options, ablation, clock, seen } = job;
  clock.enter("locate");
  const finding = findRegion(model, { locate: [request.prompt], ...request }, seen);
  const reporting = finding.then(({ found }) => options.onRegion?.(found));
  // a model without a window sees the same view wherever the region is, so it is encoded while the mask is made
  const { window } = model.manifest;
  const square = window ? undefined : encodeView(job, squareView(model, seen.square));
  const [region] = await Promise.all([finding, square, reporting]);
  if (square === undefined) clock.resume("encode");
  const encoded = await (square ?? encodeView(job, region.placement));
  const { tokens, grid } = region.placement;
  const mask = maskAs(ablation.mask, tokens.data);
  const rows = encoded.planned.plan.background && editedRows(mask, grid);
  return { ...encoded, region, mask, rows };
}

async function encodeView({ model, request, options, seen }: Job, view: View): Promise<Encoded> {
  const { window, grid } = view;
  const planned = planEdit(model, request, { grid, window });
  const known = planned.key === undefined ? undefined : options.inversions?.get(planned.key);
  const image = model.manifest.window ? await toModel(seen.photo, window.part, window.size) : seen.image;
  return { planned, known, image, clean: known?.path.latents[0] ?? (await latentOf(model, image, grid)) };
}
