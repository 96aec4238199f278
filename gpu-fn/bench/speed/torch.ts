import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type TorchWay = "eager" | "compiled";

/** PyTorch in a process of its own, loaded and warm. */
export interface TorchBaseline {
  readonly version: string;
  /** The ways it can evaluate here: eager, and compiled where torch.compile finds a compiler. */
  readonly ways: readonly TorchWay[];
  /** Milliseconds of `count` evaluations of the transformer, fp32. */
  evaluate(way: TorchWay, count: number): Promise<number>;
  close(): void;
}

/** @throws Error where `python` cannot import torch and safetensors */
export async function startTorch(python: string, manifest: string, threads: number): Promise<TorchBaseline> {
  const script = join(import.meta.dirname, "torch_baseline.py");
  const child = spawn(python, [script, manifest, String(threads)], { stdio: ["pipe", "pipe", "inherit"] });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`${python} ended with ${code}: are torch and safetensors there?`)),
    );
  });
  failed.catch(() => {}); // it is raced below; the exit after close() is expected
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value } = await Promise.race([lines.next(), failed]);
    return JSON.parse(value ?? "{}");
  };
  const { torch, compiled } = await answer();
  return {
    version: String(torch),
    ways: compiled ? ["eager", "compiled"] : ["eager"],
    async evaluate(way, count) {
      child.stdin.write(`${way} ${count}\n`);
      return Number((await answer()).ms);
    },
    close() {
      child.stdin.end();
    },
  };
}
