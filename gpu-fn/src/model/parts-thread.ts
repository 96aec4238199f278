/** The parts around the transformer in a thread of their own: they work while the transformer does. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Way } from "../device/device-plan.ts";
import { revive } from "../engine/protocol.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Parts, Tuning } from "./parts.ts";
import type { FromParts, PartCall, PartsData, ToParts } from "./parts-protocol.ts";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * As `openParts`, elsewhere: what is called there blocks nobody here. Calls are answered in their order. Where the thread
 * falls over, those under way are rejected, and the thread that opened it ends with an uncaught error: half a model is of
 * no use.
 * @throws WeightsError where a file is missing, damaged, or is not what the manifest says
 */
export async function openPartsThread(manifest: Manifest, way: Way, tuning: Tuning): Promise<Parts> {
  const data: PartsData = { manifest, way, tuning };
  const worker = new Worker(new URL("./parts-worker.ts", import.meta.url), { workerData: data });
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let state: "opening" | "serving" | "released" | "ended" = "opening";
  const send = (message: ToParts) => worker.postMessage(message);
  const answered = (id: number) =>
    new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
  const endAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("error", endAll);
  worker.on("exit", () => {
    const fell = state === "serving";
    state = "ended";
    endAll(ended());
    if (fell) throw ended();
  });
  worker.on("message", (message: FromParts) => {
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) call?.reject(revive(message.error));
    else call?.resolve(message.value);
  });

  const calling = <Call extends PartCall>(call: Call) =>
    ((...inputs: readonly unknown[]) => {
      if (state !== "serving") return Promise.reject(ended());
      const id = next++;
      send({ id, call, inputs });
      return answered(id);
    }) as Parts[Call];
  await answered(-1);
  state = "serving";
  return {
    condition: calling("condition"),
    encode: calling("encode"),
    decode: calling("decode"),
    locate: calling("locate"),
    async release() {
      // not terminate(): the runtime aborts the process when its thread ends inside a run
      if (state !== "serving") return;
      state = "released";
      send({ call: "release" });
      await once(worker, "exit");
    },
  };
}

function ended(): Error {
  return new Error("the thread of the model's parts has ended");
}
