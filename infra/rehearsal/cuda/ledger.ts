/** The counters of the CUDA stubs (stubs/ledger.h): read and reset while the stubs run. */
import { closeSync, openSync, readSync, writeSync } from "node:fs";

const ENTRIES = [
  "live",
  "peak",
  "requests",
  "refusals",
  "toDevice",
  "toHost",
  "products",
  "convolutionPlans",
  "launches",
] as const;

/** Bytes of device memory and of copies; numbers of calls. */
export type Counts = Readonly<Record<(typeof ENTRIES)[number], number>>;

const WORD = 8;

export class Ledger {
  readonly #file: number;

  /** @param path a file that the stubs map; `create` makes one */
  constructor(path: string) {
    this.#file = openSync(path, "r+");
  }

  static create(path: string): void {
    const file = openSync(path, "w");
    writeSync(file, new Uint8Array(WORD * ENTRIES.length));
    closeSync(file);
  }

  read(): Counts {
    const words = new BigInt64Array(ENTRIES.length);
    readSync(this.#file, words, 0, words.byteLength, 0);
    return Object.fromEntries(ENTRIES.map((name, index) => [name, Number(words[index])])) as Counts;
  }

  /** Counts since the last call; `live` is the current value, `peak` the maximum since that call. */
  take(): Counts {
    const counts = this.read();
    const reset = new BigInt64Array(ENTRIES.length);
    reset[ENTRIES.indexOf("live")] = BigInt(counts.live);
    reset[ENTRIES.indexOf("peak")] = BigInt(counts.live);
    writeSync(this.#file, reset, 0, reset.byteLength, 0);
    return counts;
  }

  close(): void {
    closeSync(this.#file);
  }
}
