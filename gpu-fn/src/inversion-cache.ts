/** Inversions kept for the next edit of the same photo: it starts at the edit pass and gives the same picture. */
import { createHash } from "node:crypto";
import type { SolverName } from "../../shared/solvers.ts";
import type { Condition, SourcePath, ValuePath } from "./detailing.ts";
import type { Window } from "./image/window.ts";

/** Everything a kept inversion depends on, beside the model. The edit's prompt, mask, T and pairing are not among it. */
export interface InversionInputs {
  /** The photo and whose it is. */
  readonly scope: string;
  /** The part of the photo that the model saw, and at what size. */
  readonly window: Window;
  readonly sourcePrompt: string;
  readonly guidance: Condition["guidance"];
  readonly trueGuidance: boolean;
  readonly valueBlocks: number;
  /** Whether V was kept with it. */
  readonly path: ValuePath;
  readonly solver: SolverName;
  readonly timesteps: readonly number[];
}

/** A key that shows nothing of what it was made from. */
export function inversionKey(inputs: InversionInputs): string {
  const { scope, window, sourcePrompt, guidance, trueGuidance, valueBlocks, path, solver, timesteps } =
    inputs;
  const { part, size } = window;
  const seen = [part.left, part.top, part.width, part.height, size.width, size.height];
  const facts = [scope, seen, sourcePrompt, guidance, trueGuidance, valueBlocks, path, solver, timesteps];
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

export interface InversionLimits {
  /** Most bytes kept; a larger inversion is not kept at all. */
  readonly bytes: number;
  /** Longest time an inversion is kept, counted from when it was made: what is erased elsewhere is gone by then. */
  readonly ageMs: number;
}

/** Ten minutes, and about 50 inversions of the embedded model by the paper's schedule, or 270 by `fast`. */
export const INVERSION_LIMITS: InversionLimits = { bytes: 512 * 2 ** 20, ageMs: 600_000 };

interface Entry {
  readonly inversion: KeptInversion;
  readonly bytes: number;
  readonly expiry: NodeJS.Timeout;
}

/** What the next edit of a photo need not do again. */
export interface KeptInversion {
  readonly path: SourcePath;
  /** The decoder's picture of the clean latent: `h·w·3` bytes, RGB. */
  readonly reconstructed: Uint8Array;
}

/** Where an edit looks for its photo's inversion, and leaves a new one. */
export interface Inversions {
  get(key: string): KeptInversion | undefined;
  set(key: string, inversion: KeptInversion): void;
}

/** How a cache of inversions fares. Hits and misses since it was made. */
export interface InversionMetrics {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  readonly bytes: number;
}

/** Inversions in memory, the least recently used leaving first. */
export class InversionCache implements Inversions {
  readonly #limits: InversionLimits;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  constructor(limits: InversionLimits = INVERSION_LIMITS) {
    this.#limits = limits;
  }

  get metrics(): InversionMetrics {
    return { hits: this.#hits, misses: this.#misses, entries: this.#entries.size, bytes: this.#bytes };
  }

  get(key: string): KeptInversion | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#misses += 1;
      return undefined;
    }
    this.#hits += 1;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.inversion;
  }

  set(key: string, inversion: KeptInversion): void {
    const bytes = bytesOf(inversion);
    if (bytes > this.#limits.bytes) return;
    this.#drop(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#limits.bytes) break;
      this.#drop(oldest);
    }
    const expiry = setTimeout(() => this.#drop(key), this.#limits.ageMs).unref();
    this.#entries.set(key, { inversion, bytes, expiry });
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

function bytesOf({ path, reconstructed }: KeptInversion): number {
  const arrays = [...path.latents, ...path.mids, reconstructed];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, path.values.bytes);
}
