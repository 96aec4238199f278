/** The engine on the device: a cold start, and the paper's edit of the largest photo. */
import { followPeak } from "../../../gpu-fn/bench/gpu/peak.ts";
import type { Device } from "../../../gpu-fn/src/device/provider.ts";
import { openEngine } from "../../../gpu-fn/src/engine/engine.ts";
import { encodePhoto } from "../../../gpu-fn/src/image/encode.ts";
import type { Manifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { warmUp, warmUpSide } from "../../../gpu-fn/src/server/warm-up.ts";
import { PRESETS } from "../../../shared/presets.ts";
import { clock } from "../../rehearsal/clock.ts";
import { requestOf } from "../../rehearsal/drawn-edit.ts";

export interface EditFigures {
  /** Seconds until all sessions are open, and from then until a short edit was made. */
  readonly openSeconds: number;
  readonly warmSeconds: number;
  readonly editSeconds: number;
  readonly evaluations: number;
  /** Milliseconds of each phase. */
  readonly timings: Readonly<Record<string, number>>;
  /** Peak bytes on the device. */
  readonly peak: number;
  /** As a PNG. */
  readonly picture: Uint8Array;
}

export async function editFigures(path: string, manifest: Manifest, device: Device): Promise<EditFigures> {
  const { resolution: side } = manifest;
  const peak = followPeak(device);
  const seconds = clock();
  const engine = await openEngine(path, { device });
  const openSeconds = seconds();
  await warmUp(engine, new AbortController().signal, warmUpSide(manifest));
  const warmSeconds = seconds();
  const request = await requestOf({ width: side, height: side, box: side / 2, schedule: PRESETS.paper });
  const { edited, evaluations, timings } = await engine.edit(request);
  const editSeconds = seconds();
  const picture = await encodePhoto(edited, "png");
  await engine.close();
  peak.stop();
  return {
    ...{ openSeconds, warmSeconds, editSeconds, evaluations, picture },
    ...{ timings: { ...timings }, peak: peak.most() },
  };
}
