/** The parts around the transformer in a thread of their own: they work while the transformer does. */
import type { ExecutionPlan } from "../device/execution-plan.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { openThread } from "../thread/open-thread.ts";
import type { Parts, Tuning } from "./parts.ts";

/** What the thread starts with. */
export interface PartsOpening {
  readonly manifest: Manifest;
  readonly execution: ExecutionPlan;
  readonly tuning: Tuning;
}

/** What the thread can do. */
export type PartCalls = Pick<Parts, "condition" | "encode" | "decode" | "locate">;

/**
 * As `openParts`, elsewhere: a call there blocks nobody here. Calls are answered in their order. If the thread falls
 * over, the calls under way are rejected and the thread that opened it ends with an uncaught error: half a model is of
 * no use.
 * @throws WeightsError if a file is missing, damaged, or is not what the manifest says
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
