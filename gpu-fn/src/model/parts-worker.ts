// The thread that holds the parts around the transformer: one call after another, in the order they come.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { flatten } from "../engine/protocol.ts";
import { openParts, type Parts } from "./parts.ts";
import type { FromParts, PartsData, ToParts } from "./parts-protocol.ts";

const port = parentPort as MessagePort;
const { manifest, way, tuning } = workerData as PartsData;
const answer = (message: FromParts) => port.postMessage(message);

function serve(parts: Parts): void {
  let last: Promise<void> = Promise.resolve();
  port.on("message", (message: ToParts) => {
    if (message.call === "release") {
      last.then(() => parts.release()).finally(() => port.close());
      return;
    }
    const { id, call, inputs } = message;
    const perform = parts[call] as (...inputs: readonly unknown[]) => Promise<unknown>;
    last = last.then(() =>
      perform(...inputs).then(
        (value) => answer({ id, value }),
        (error: unknown) => answer({ id, error: flatten(error) }),
      ),
    );
  });
}

try {
  serve(await openParts(manifest, way, tuning));
  answer({ id: -1, value: undefined });
} catch (error) {
  answer({ id: -1, error: flatten(error) });
}
