import { join } from "node:path";
import { startTorch } from "../kit/torch-process.ts";

export type TorchMode = "eager" | "compiled";

/** The same weights in PyTorch, loaded and warm. */
export interface TorchBaseline {
  readonly version: string;
  /** `compiled` only if torch.compile finds a compiler. */
  readonly modes: readonly TorchMode[];
  /** Milliseconds of `count` evaluations of the transformer in float32. */
  evaluate(mode: TorchMode, count: number): Promise<number>;
  close(): void;
}

export async function openTorch(python: string, manifest: string, threads: number): Promise<TorchBaseline> {
  const torch = await startTorch(python, join(import.meta.dirname, "time_torch.py"), [
    manifest,
    String(threads),
  ]);
  return {
    version: String(torch.hello.torch),
    modes: torch.hello.compiled ? ["eager", "compiled"] : ["eager"],
    evaluate: async (mode, count) => Number((await torch.ask(`${mode} ${count}`)).ms),
    close: torch.close,
  };
}
