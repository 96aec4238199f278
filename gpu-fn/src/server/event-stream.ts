import type { GpuEvent } from "../../../shared/gpu.ts";
import type { Run } from "./run.ts";

const encoder = new TextEncoder();

/** A run's events as NDJSON, with heartbeats in between. Cancelling the stream leaves the run. */
export function eventStream(run: Run, heartbeatMs: number): ReadableStream<Uint8Array> {
  let heart: NodeJS.Timeout | undefined;
  let leave = () => {};
  return new ReadableStream({
    start(controller) {
      const write = (event: GpuEvent) => controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      heart = setInterval(() => write({ event: "heartbeat" }), heartbeatMs);
      leave = run.follow({
        event: write,
        end() {
          clearInterval(heart);
          controller.close();
        },
      });
    },
    cancel() {
      clearInterval(heart);
      leave();
    },
  });
}
