import { join } from "node:path";
import type { Device } from "../../src/device/provider.ts";
import type { FluxConfig } from "../../src/graph/flux-config.ts";
import { startTorch } from "../kit/torch-process.ts";

/** The transformer in PyTorch, with random weights. */
export interface TorchModel {
  readonly version: string;
  /** Median milliseconds of an evaluation. */
  evaluate(imageTokens: number, textTokens: number, rounds: number): Promise<number>;
  close(): void;
}

export async function openTorch(python: string, device: Device, config: FluxConfig): Promise<TorchModel> {
  const script = join(import.meta.dirname, "evaluate_torch.py");
  const torch = await startTorch(python, script, [device, JSON.stringify(config)]);
  return {
    version: String(torch.hello.torch),
    evaluate: async (...sizes) => Number((await torch.ask(sizes.join(" "))).ms),
    close: torch.close,
  };
}
