import type { MemoryLimits } from "../device/memory.ts";
import type { Device } from "../device/provider.ts";

export interface EngineOptions extends MemoryLimits {
  /** Threads of one evaluation; default: one a core. */
  readonly threads?: number;
  /** On the processor: faster, with eight-bit integers in the transformer's linear layers. Default false. */
  readonly int8Arithmetic?: boolean;
  /** Folder of the sentence encoder's weights, by which other languages are read. Default: the moderation's. */
  readonly encoder?: string;
  /** Default: the processor. */
  readonly device?: Device;
}
