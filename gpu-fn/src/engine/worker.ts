// The thread that holds the model: it loads, then runs one job after another.
import { admitInt8Arithmetic, admitModel } from "../device/admit.ts";
import { memoryOf } from "../device/memory.ts";
import { checkCudaLibraries } from "../device/provider.ts";
import { editPortrait } from "../edit/edit.ts";
import { INVERSION_LIMITS, InversionCache } from "../edit/inversion-cache.ts";
import type { EditRequest } from "../edit/request.ts";
import { isUnchanged } from "../edit/visible-change.ts";
import { sharedDecoder } from "../image/decoder/decoder.ts";
import { hasInt8 } from "../manifest/files.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { type Model, openModel } from "../model/model.ts";
import { openPartsThread } from "../model/parts-thread.ts";
import { MODERATION_WEIGHTS } from "../moderation/weights.ts";
import { locatePortrait } from "../region/locate.ts";
import type { LocateRequest } from "../region/request.ts";
import { serveThread } from "../thread/serve-thread.ts";
import { nearestTaught } from "../words/nearest.ts";
import { inAskedWords, readEdit, readLocate } from "../words/requests.ts";
import { openTaught } from "../words/taught.ts";
import type { EditEvent, EngineReport, Opening } from "./calls.ts";
import type { EngineOptions } from "./options.ts";

/** Opens the model with the best execution plan that fits on this machine. */
async function load(model: Manifest, options: EngineOptions): Promise<Model> {
  const { threads, int8Arithmetic = false, device = "cpu", ...limits } = options;
  sharedDecoder().warm();
  if (device === "cuda") checkCudaLibraries();
  if (int8Arithmetic) admitInt8Arithmetic(model);
  const memory = memoryOf(device, limits);
  const execution = admitModel(model, memory, { device, int8: hasInt8(model) });
  const tuning = { int8Arithmetic, ...(threads === undefined ? {} : { threads }) };
  const openParts = () => openPartsThread(model, execution, tuning);
  return openModel(model, { execution, hostBytes: memory.host, openParts, ...tuning });
}

await serveThread(async (data, report) => {
  const { manifest, options } = data as Opening;
  const described = await readManifest(manifest);
  const taught = await openTaught(described, options.encoder ?? MODERATION_WEIGHTS);
  const model = await load(described, options);
  const inversions = new InversionCache(INVERSION_LIMITS, () =>
    report(inversions.metrics satisfies EngineReport),
  );
  return {
    async perform(call, [asked], { signal, event }) {
      if (call === "locate") {
        const { request, reading } = await readLocate(asked as LocateRequest, taught);
        return inAskedWords(await locatePortrait(model, request, signal), reading);
      }
      const { request, reading } = await readEdit(asked as EditRequest, taught);
      const happened = (edit: EditEvent) => event(edit);
      const result = await editPortrait(model, request, {
        signal,
        inversions,
        onProgress: (progress) => happened({ progress }),
        onRegion: (region) => happened({ region: inAskedWords(region, reading) }),
        onPreview: (preview) => happened({ preview }),
      });
      const { readAs, warnings, familiar } = reading;
      const lost = taught !== null && !familiar && isUnchanged({ changed: result.changed, familiar });
      const nearest = lost ? await nearestTaught(reading.prompt, taught) : null;
      return { ...result, readAs, warnings, familiar, nearest };
    },
    hear: (scope) => inversions.forget(scope as string),
    close: () => model.release(),
  };
});
