import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Device } from "../../src/device/provider.ts";
import type { FluxConfig } from "../../src/graph/flux-config.ts";

/** PyTorch in a process of its own, its model in memory. */
export interface TorchModel {
  readonly version: string;
  /** Median milliseconds of an evaluation. */
  evaluate(imageTokens: number, textTokens: number, rounds: number): Promise<number>;
  close(): void;
}

/** @throws Error where `python` cannot import torch, or finds no such device */
export async function startTorch(python: string, device: Device, config: FluxConfig): Promise<TorchModel> {
  const script = join(import.meta.dirname, "torch_baseline.py");
  const child = spawn(python, [script, device, JSON.stringify(config)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${python} ended with ${code}: is torch there?`)));
  });
  failed.catch(() => {}); // it is raced below; the exit after close() is expected
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value } = await Promise.race([lines.next(), failed]);
    return JSON.parse(value ?? "{}");
  };
  const { torch } = await answer();
  return {
    version: String(torch),
    async evaluate(imageTokens, textTokens, rounds) {
      child.stdin.write(`${imageTokens} ${textTokens} ${rounds}\n`);
      return Number((await answer()).ms);
    },
    close: () => child.stdin.end(),
  };
}
