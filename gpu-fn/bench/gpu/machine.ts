import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import type { Device } from "../../src/device/provider.ts";

/** One line that describes the device. */
export function machineOf(device: Device): string {
  if (device === "cpu") return `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, no GPU`;
  return execFileSync("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader", "--id=0"], {
    encoding: "utf8",
  }).trim();
}
