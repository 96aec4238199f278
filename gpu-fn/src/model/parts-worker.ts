// The thread that holds the parts around the transformer.
import { serveThread } from "../thread/serve-thread.ts";
import { openParts } from "./parts.ts";
import type { PartCalls, PartsOpening } from "./parts-thread.ts";

await serveThread(async (data) => {
  const { manifest, execution, tuning } = data as PartsOpening;
  const parts = await openParts(manifest, execution, tuning);
  return {
    perform(call, inputs) {
      const part = parts[call as keyof PartCalls] as (...inputs: readonly unknown[]) => Promise<unknown>;
      return part(...inputs);
    },
    close: () => parts.release(),
  };
});
