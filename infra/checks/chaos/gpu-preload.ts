// Preloaded into the GPU function under test (`node --import`): moves its clock, ends or stalls one of its threads.
// Orders come as JSON lines to CHAOS_PORT; the threads hear them over a channel of their process.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { BroadcastChannel, isMainThread } from "node:worker_threads";
import { moveClock } from "../../../edge/test/chaos/clock.ts";

/** Threads of the GPU function, by the file that each runs. */
const THREADS = {
  engine: "/gpu-fn/src/engine/worker.ts",
  policies: "/gpu-fn/src/moderation/thread.ts",
} as const;

export type Thread = keyof typeof THREADS;

/** The possible orders: the clock's offset, a thread's end, or its silence in milliseconds. */
export type GpuOrder =
  | { readonly order: "clock"; readonly offsetMs: number }
  | { readonly order: "end"; readonly thread: Thread }
  | { readonly order: "stall"; readonly thread: Thread; readonly ms: number };

const SERVER = "/gpu-fn/src/server/main.ts";
const script = process.argv[1] ?? "";

const channel = new BroadcastChannel("chaos");
channel.unref();

if (isMainThread && script.endsWith(SERVER)) {
  const server = createServer((socket) => {
    createInterface(socket).on("line", (line) => {
      const order: GpuOrder = JSON.parse(line);
      if (order.order === "clock") moveClock(order.offsetMs);
      channel.postMessage(order);
      socket.end("done\n");
    });
    socket.on("error", () => {}); // the sender may be gone by now
  });
  server.listen(Number(process.env.CHAOS_PORT), "127.0.0.1");
  server.unref();
} else {
  channel.onmessage = (message) => {
    const order = (message as { data: GpuOrder }).data;
    if (order.order === "clock") moveClock(order.offsetMs);
    else if (!script.endsWith(THREADS[order.thread])) return;
    else if (order.order === "end") process.exit(1);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, order.ms);
  };
}
