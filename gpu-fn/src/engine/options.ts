import type { MemoryLimits } from "../device/memory.ts";
import type { Device } from "../device/provider.ts";

export interface EngineOptions extends MemoryLimits {
  /** Threads of one evaluation; default: one per core. */
  readonly threads?: number;
  /** Uses eight-bit integers in the transformer's linear layers, which is faster on the processor. Default false. */
  readonly int8Arithmetic?: boolean;
  /** Folder of the sentence encoder's weights, for reading other languages. Default: moderation's. */
  readonly encoder?: string;
  /** Default: the processor. */
  readonly device?: Device;
}
