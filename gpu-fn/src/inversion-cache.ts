/** Inversions kept for the next edit of the same photo: it starts at the edit pass and gives the same picture. */
import { createHash } from "node:crypto";
import type { Condition, SourcePath, ValuePath } from "./detailing.ts";

/** Everything a kept inversion depends on, beside the model. The edit's prompt, mask, T and pairing are not among it. */
export interface InversionInputs {
  /** The photo and whose it is. */
  readonly scope: string;
  readonly sourcePrompt: string;
  readonly guidance: Condition["guidance"];
  readonly trueGuidance: boolean;
  readonly valueBlocks: number;
  /** Whether V was kept with it. */
  readonly path: ValuePath;
  readonly timesteps: readonly number[];
}

/** A key that shows nothing of what it was made from. */
export function inversionKey(inputs: InversionInputs): string {
  const { scope, sourcePrompt, guidance, trueGuidance, valueBlocks, path, timesteps } = inputs;
  const facts = [scope, sourcePrompt, guidance, trueGuidance, valueBlocks, path, timesteps];
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

export interface InversionLimits {
  /** Most bytes kept; a larger inversion is not kept at all. */
  readonly bytes: number;
  /** Longest time an inversion is kept, counted from when it was made: what is erased elsewhere is gone by then. */
  readonly ageMs: number;
}

/** Ten minutes, and about 35 inversions of the embedded model by the paper's schedule. */
export const INVERSION_LIMITS: InversionLimits = { bytes: 512 * 2 ** 20, ageMs: 600_000 };

interface Entry {
  readonly path: SourcePath;
  readonly bytes: number;
  readonly expiry: NodeJS.Timeout;
}

/** Inversions in memory, the least recently used leaving first. */
export class InversionCache {
  readonly #limits: InversionLimits;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limits: InversionLimits = INVERSION_LIMITS) {
    this.#limits = limits;
  }

  get(key: string): SourcePath | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.path;
  }

  set(key: string, path: SourcePath): void {
    const bytes = bytesOf(path);
    if (bytes > this.#limits.bytes) return;
    this.#drop(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#limits.bytes) break;
      this.#drop(oldest);
    }
    const expiry = setTimeout(() => this.#drop(key), this.#limits.ageMs).unref();
    this.#entries.set(key, { path, bytes, expiry });
    this.#bytes += bytes;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    clearTimeout(entry.expiry);
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

function bytesOf({ latents, mids, values }: SourcePath): number {
  return [...latents, ...mids].reduce((sum, latent) => sum + latent.byteLength, values.bytes);
}
