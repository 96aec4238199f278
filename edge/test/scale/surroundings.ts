import type { EditMessage } from "../../src/account/contract/edits.ts";
import type { Env as ProductEnv } from "../../src/env.ts";
import type { Meter } from "./meter.ts";

/** Size in bytes of every object that the GPU function reports as written. */
export const OBJECT_BYTES = 1_800_000;

/** The services that the product calls: all counted, none real. `gpu` answers for the GPU function. */
export function meteredEnv(
  env: ProductEnv,
  meter: Meter,
  gpu: { fetch(request: Request): Promise<Response> },
): ProductEnv {
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { host, pathname } = new URL(request.url);
    if (host === "gpu.scale") return gpu.fetch(request);
    if (host === "upstash.scale") {
      const body: unknown = await request.json();
      const commands: unknown[] = pathname === "/pipeline" && Array.isArray(body) ? body : [body];
      meter.upstash += commands.length;
      const results = commands.map(() => ({ result: 1 }));
      return Response.json(pathname === "/pipeline" ? results : results[0]);
    }
    meter.stripe += 1;
    return Response.json({ id: "cus_scale", object: "customer" });
  };
  const images = {
    delete: async (keys: string | string[]) => {
      meter.deleted += Array.isArray(keys) ? keys.length : 1;
    },
    head: async () => {
      meter.looks += 1;
      return { size: OBJECT_BYTES, checksums: { toJSON: () => ({}) } };
    },
    put: async () => null,
    list: async () => ({ objects: [], truncated: false }),
  };
  const send: ProductEnv["EDITS"]["send"] = async (message: EditMessage, options) => {
    meter.sent.push({ message, at: Date.now() + 1000 * (options?.delaySeconds ?? 0) });
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  };
  return {
    ...env,
    IMAGES: images as unknown as R2Bucket,
    EDITS: { send } as ProductEnv["EDITS"],
    METRICS: { writeDataPoint: () => void meter.points++ },
  };
}
