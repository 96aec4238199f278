import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Device } from "../../src/device/provider.ts";

/** Tracks the peak of used memory. */
export interface Peak {
  /** Bytes: the GPU's by nvidia-smi; on the processor, this process's. */
  most(): number;
  stop(): void;
}

const EVERY_MS = 100;

export function followPeak(device: Device): Peak {
  if (device === "cpu") return { most: () => process.resourceUsage().maxRSS * 1024, stop() {} };
  const query = [
    "--query-gpu=memory.used",
    "--format=csv,noheader,nounits",
    "--id=0",
    `--loop-ms=${EVERY_MS}`,
  ];
  const child: ChildProcess = spawn("nvidia-smi", query, { stdio: ["ignore", "pipe", "inherit"] });
  let most = 0;
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    most = Math.max(most, Number(line) * 2 ** 20);
  });
  return { most: () => most, stop: () => void child.kill() };
}
