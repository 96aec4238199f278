/** The end of an edit: decodes the latent, pastes its region into the photo, and measures preservation. */
import { partOnly, pasteBack } from "../image/composite.ts";
import { fromModel } from "../image/crop.ts";
import type { Job } from "./job.ts";
import { pictureOf } from "./latents.ts";
import type { Source } from "./passes.ts";
import { outsideOf, preservation } from "./preservation.ts";
import type { EditResult } from "./request.ts";
import type { Located } from "./view.ts";
import { changedShare } from "./visible-change.ts";

export async function deliver(
  job: Job,
  { image, known, region, rows }: Located,
  { reconstructed }: Source,
  edited: Float32Array,
): Promise<EditResult> {
  const { model, request, clock, seen } = job;
  const { found, placement } = region;
  const { window, grid, tokens } = placement;
  const { part, size } = window;
  clock.enter("decode");
  const decoded = await pictureOf(model, edited, grid);
  const pair = { edited: decoded, reconstructed, size };
  const pasting =
    request.composite === "none" ? partOnly(pair) : pasteBack(seen.photo, pair, part, found.mask.data);
  const outside = outsideOf(found.mask, part, size);
  const kept = preservation(decoded, fromModel(image), outside, size.width);
  return {
    edited: await pasting,
    source: seen.photo,
    window,
    mask: found.mask.data,
    fusion: found.fusion,
    decoded,
    reconstructed,
    coverage: tokens.data.reduce((sum, value) => sum + value, 0) / tokens.data.length,
    changed: changedShare(decoded, reconstructed, outside),
    preservation: kept,
    inversionCached: known !== undefined,
    evaluations: clock.evaluations,
    tokens: { computed: rows?.length ?? tokens.data.length, all: tokens.data.length },
    timings: clock.finish(),
  };
}
