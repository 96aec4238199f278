/** The parts around the transformer in their own thread, so that they work while the transformer does. */
import type { ExecutionPlan } from "../device/execution-plan.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { openThread } from "../thread/open-thread.ts";
import type { Parts, Tuning } from "./parts.ts";

/** The thread's initial data. */
export interface PartsOpening {
  readonly manifest: Manifest;
  readonly execution: ExecutionPlan;
  readonly tuning: Tuning;
}

/** The thread's calls. */
export type PartCalls = Pick<Parts, "condition" | "encode" | "decode" | "locate">;

/**
 * Like `openParts`, but in another thread, so that calls do not block this one. Calls are answered in order. If the
 * thread crashes, its pending calls are rejected and the thread that opened it ends with an uncaught error, because half
 * a model is useless.
 * @throws WeightsError if a file is missing, damaged or does not match the manifest
 */
export async function openPartsThread(
  manifest: Manifest,
  execution: ExecutionPlan,
  tuning: Tuning,
): Promise<Parts> {
  const data: PartsOpening = { manifest, execution, tuning };
  const name = "the thread of the model's parts";
  const thread = openThread<PartCalls>(new URL("./parts-worker.ts", import.meta.url), { name, data });
  await thread.ready;
  let released = false;
  void thread.ended.then(() => {
    if (!released) throw new Error(`${name} has ended`);
  });
  return {
    condition: (...inputs) => thread.call("condition", inputs),
    encode: (...inputs) => thread.call("encode", inputs),
    decode: (...inputs) => thread.call("decode", inputs),
    locate: (...inputs) => thread.call("locate", inputs),
    async release() {
      if (released) return;
      released = true;
      await thread.close();
    },
  };
}
