import type { EditTask, GpuEvent } from "../../../shared/gpu.ts";
import type { Preview } from "../edit/preview.ts";
import type { EditRequest, EditResult } from "../edit/request.ts";
import { requireChange } from "../edit/visible-change.ts";
import { CanceledError } from "../errors.ts";
import { refuse } from "../moderation/error.ts";
import type { Moderator } from "../moderation/moderator.ts";
import { encodeResult, type ProvenanceKeys } from "../provenance/provenance.ts";
import type { FoundRegion, RegionRequest } from "../region/request.ts";
import { factsOf, writeGrey } from "./mask-run.ts";
import type { LoadedModel } from "./model-host.ts";
import { type Run, scopeOf } from "./run.ts";
import { readPicture, TransferError, writePicture } from "./transfers.ts";

/** A late preview is worthless, so it gets one short try. */
const PREVIEW_LIMITS = { timeoutMs: 3_000, backoffMs: [] };

/** What a run needs besides its model: the keys for results, and the judge of words and pictures. */
export interface EditParts {
  readonly keys: ProvenanceKeys;
  readonly moderator: Moderator;
}

type MaskSource = EditTask["mask"]["source"];

/**
 * Runs one edit: reads the photo, publishes the mask as soon as it is known, runs the passes, publishes the picture.
 * @throws InputError, TransferError, CanceledError, WeightsError, ModeratedError
 */
export async function runEdit(
  { engine, model }: LoadedModel,
  task: EditTask,
  run: Run,
  { keys, moderator }: EditParts,
): Promise<void> {
  const since = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  run.emit({ event: "started" });
  refuse(await moderator.prompts([task.prompt, ...task.locate, task.source_prompt]));
  const [bytes, { source, ...given }] = await Promise.all([
    readPicture(task.photo, "the photo", signal),
    givenMask(task.mask, signal),
  ]);
  refuse(await moderator.photo(bytes));
  let published: Promise<void> = Promise.resolve();
  let shown: Promise<void> = Promise.resolve();
  const places = task.put.previews.values();
  const edited = engine.edit(requestOf(task, bytes, given), {
    signal,
    onProgress: (progress) => run.emit({ event: "progress", ...progress, eta_ms: run.pace.note(progress) }),
    onRegion: (found) => {
      published = publishMask(task, source, found, signal).then((event) => run.emit(event));
      // if the mask cannot be stored, the edit ends; the reason is thrown below
      published.catch(() => stop.abort());
    },
    onPreview: (preview) => {
      shown = shown.then(() => publishPreview(places.next().value, preview, run, moderator));
    },
  });
  const result = await edited.finally(() => Promise.allSettled([published, shown]));
  await published;
  requireChange(result);
  refuse(await moderator.result(result.edited));
  const { image, provenance } = await publishResult(task, result, { keys, model }, signal);
  const { timings, preservation } = result;
  run.end({
    event: "succeeded",
    image,
    preservation: preservation && {
      psnr_outside_db: preservation.psnrOutsideDb,
      ssim_outside: preservation.ssimOutside,
    },
    timings: {
      mask_ms: timings.locate,
      inversion_ms: timings.inversion,
      edit_ms: timings.edit,
      total_ms: performance.now() - since,
      tokens: result.tokens,
    },
    evaluations: result.evaluations,
    cache: { inversion: result.inversionCached },
    read_as: result.readAs,
    warnings: [...result.warnings],
    provenance,
    model,
  });
}

/** The mask that comes with the task. If storage has lost a mask located earlier, it is located again. */
async function givenMask(
  mask: EditTask["mask"],
  signal: AbortSignal,
): Promise<{ source: MaskSource } & Pick<RegionRequest, "mask" | "located">> {
  if (mask.source === "pasl") return { source: "pasl" };
  if (mask.source === "user")
    return { source: "user", mask: { bytes: await readPicture(mask, "the mask", signal) } };
  try {
    return { source: "cache", located: await readPicture(mask, "the located mask", signal) };
  } catch (error) {
    if (error instanceof TransferError) return { source: "pasl" };
    throw error;
  }
}

function requestOf(
  task: EditTask,
  bytes: Uint8Array,
  given: Pick<RegionRequest, "mask" | "located">,
): EditRequest {
  return {
    ...given,
    photo: { bytes },
    prompt: task.prompt,
    sourcePrompt: task.source_prompt,
    locate: task.locate,
    ...(task.face !== undefined && { face: task.face }),
    maskOptions: task.mask_options,
    schedule: task.schedule,
    composite: task.composite,
    inversionScope: scopeOf(task.tenant, task.photo.sha256),
  };
}

async function publishMask(
  { put }: EditTask,
  source: MaskSource,
  found: FoundRegion,
  signal: AbortSignal,
): Promise<GpuEvent> {
  const [writtenMask, writtenLocated] = await Promise.all([
    writeGrey(put.mask, found.mask, signal),
    found.located && writeGrey(put.located, found.located, signal),
  ]);
  const written = { mask: writtenMask, located: writtenLocated };
  return { event: "mask", source, ...written, ...(await factsOf(found)) };
}

/**
 * Reports a preview once it is stored. A preview that a policy refuses, or that storage does not accept, is dropped: the
 * edit goes on, and its result is judged separately.
 */
async function publishPreview(
  place: EditTask["put"]["result"] | undefined,
  preview: Preview,
  run: Run,
  moderator: Moderator,
): Promise<void> {
  if (place === undefined || (await moderator.result(preview.bytes)) !== null) return;
  try {
    const picture = { ...preview, contentType: "image/jpeg" };
    run.emit({ event: "preview", image: await writePicture(place, picture, run.signal, PREVIEW_LIMITS) });
  } catch (error) {
    if (!(error instanceof TransferError || error instanceof CanceledError)) throw error;
  }
}

/** Marks the result before encoding it and signs it afterwards, because the signature covers the file's bytes. */
async function publishResult(
  { put, output, photo, composite, provenance: asked }: EditTask,
  { edited, mask }: EditResult,
  { keys, model }: { readonly keys: ProvenanceKeys; readonly model: LoadedModel["model"] },
  signal: AbortSignal,
) {
  const { width, height } = edited;
  const { bytes, provenance } = await encodeResult(keys, {
    output,
    provenance: asked,
    photoSha256: photo.sha256,
    model,
    edited,
    // without the paste-back, nothing of the photo is left that must stay unchanged
    mask: composite === "none" ? null : mask,
  });
  const contentType = `image/${output.format}`;
  return { image: await writePicture(put.result, { bytes, width, height, contentType }, signal), provenance };
}
