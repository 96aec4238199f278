/** Inversions kept for the next edit of the same photo, which starts at the edit pass and gives the same picture. */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { SolverName } from "../../../shared/solvers.ts";
import type { Window } from "../image/window.ts";
import type { Condition } from "../method/condition.ts";
import type { SourcePath, ValuePath } from "../method/detailing.ts";
import { type SeenPhoto, seenBytes } from "../region/seen-photo.ts";

/** Everything a kept inversion depends on besides the model. It does not depend on the prompt, mask, T or pairing. */
export interface InversionInputs {
  /** Names the photo and its owner. */
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

/** A key that reveals nothing of its inputs; it begins with the scope's own digest. */
export function inversionKey(inputs: InversionInputs): string {
  const { scope, window, sourcePrompt, guidance, trueGuidance, valueBlocks, path, solver, timesteps } =
    inputs;
  const { part, size } = window;
  const seen = [part.left, part.top, part.width, part.height, part.roll ?? 0, size.width, size.height];
  const facts = [seen, sourcePrompt, guidance, trueGuidance, valueBlocks, path, solver, timesteps];
  return `${digest(scope)}.${digest(JSON.stringify(facts))}`;
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

const scopeOf = (key: string) => key.slice(0, key.indexOf("."));

export interface InversionLimits {
  /** Most bytes kept; a larger inversion is not kept at all. */
  readonly bytes: number;
  /** Longest time an inversion is kept after it was made: whatever is erased elsewhere is gone by then. */
  readonly ageMs: number;
}

/**
 * Ten minutes, and room for about 18 inversions of the embedded model with the paper's schedule, or 180 with `fast`. On
 * the background path it is 5 or 55.
 */
export const INVERSION_LIMITS: InversionLimits = { bytes: 512 * 2 ** 20, ageMs: 600_000 };

/** Most scopes remembered as forgotten; an active run could still keep an inversion of an older one until it expires. */
const FORGOTTEN_MAX = 10_000;

interface Entry {
  readonly inversion: KeptInversion;
  readonly bytes: number;
  readonly expiry: NodeJS.Timeout;
}

/** What the next edit of a photo does not have to compute again. */
export interface KeptInversion {
  readonly path: SourcePath;
  /** The decoder's picture of the clean latent: `h·w·3` bytes, RGB. */
  readonly reconstructed: Uint8Array;
  readonly seen: SeenPhoto;
}

/** Where an edit looks up its photo's inversion and stores a new one. */
export interface Inversions {
  get(key: string): KeptInversion | undefined;
  set(key: string, inversion: KeptInversion): void;
  /** The photo of a scope, if an inversion of it is kept. */
  photoOf(scope: string): SeenPhoto | undefined;
}

/** Metrics of a cache of inversions, with hits and misses since it was created. */
export interface InversionMetrics {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  readonly bytes: number;
}

/** Inversions in memory; the least recently used is evicted first. */
export class InversionCache implements Inversions {
  readonly #limits: InversionLimits;
  readonly #entries = new Map<string, Entry>();
  /** Digests of forgotten scopes, so that an active run does not bring back what was erased. */
  readonly #forgotten: LRUCache<string, true>;
  readonly #onChange: () => void;
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  /** @param onChange called whenever the metrics change */
  constructor(limits: InversionLimits = INVERSION_LIMITS, onChange: () => void = () => {}) {
    this.#limits = limits;
    this.#onChange = onChange;
    this.#forgotten = new LRUCache({ max: FORGOTTEN_MAX, ttl: limits.ageMs });
  }

  get metrics(): InversionMetrics {
    return { hits: this.#hits, misses: this.#misses, entries: this.#entries.size, bytes: this.#bytes };
  }

  get(key: string): KeptInversion | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#misses += 1;
      this.#onChange();
      return undefined;
    }
    this.#hits += 1;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#onChange();
    return entry.inversion;
  }

  set(key: string, inversion: KeptInversion): void {
    const bytes = bytesOf(inversion);
    if (bytes > this.#limits.bytes || this.#forgotten.has(scopeOf(key))) return;
    this.#drop(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#limits.bytes) break;
      this.#drop(oldest);
    }
    const expiry = setTimeout(() => this.#drop(key), this.#limits.ageMs).unref();
    this.#entries.set(key, { inversion, bytes, expiry });
    this.#bytes += bytes;
    this.#onChange();
  }

  photoOf(scope: string): SeenPhoto | undefined {
    const wanted = digest(scope);
    for (const [key, { inversion }] of this.#entries) if (scopeOf(key) === wanted) return inversion.seen;
    return undefined;
  }

  /** Erases a scope's inversions, and keeps no new one until the erased ones would have expired. */
  forget(scope: string): void {
    const forgotten = digest(scope);
    this.#forgotten.set(forgotten, true);
    for (const key of this.#entries.keys()) if (scopeOf(key) === forgotten) this.#drop(key);
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    clearTimeout(entry.expiry);
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    this.#onChange();
  }
}

/** Bytes of a kept inversion; the photo counts for each of its inversions. */
function bytesOf({ path, reconstructed, seen }: KeptInversion): number {
  const arrays = [...path.latents, ...path.mids, reconstructed];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, path.values.bytes + seenBytes(seen));
}
