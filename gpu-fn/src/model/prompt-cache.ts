/** Caches the conditioning of prompts for the next edit that uses them. */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Conditioning } from "../method/condition.ts";

/** Room for 30 prompts of FLUX.1-dev, kept as long as an inversion; after that nothing of an erased edit is left. */
const PROMPT_LIMITS = { bytes: 256 * 2 ** 20, ageMs: 600_000 };

/** Encodes a prompt with both text encoders. */
export type PromptEncoder = (prompt: string) => Promise<Conditioning>;

/** The same function, but cached. Prompts are stored only as hashes. */
export function remembering(encode: PromptEncoder, limits = PROMPT_LIMITS): PromptEncoder {
  const known = new LRUCache<string, Conditioning>({
    maxSize: limits.bytes,
    ttl: limits.ageMs,
    sizeCalculation: ({ txt, vec }) => txt.byteLength + vec.byteLength,
  });
  return async (prompt) => {
    const key = createHash("sha256").update(prompt).digest("hex");
    const kept = known.get(key);
    if (kept) return kept;
    const made = await encode(prompt);
    known.set(key, made);
    return made;
  };
}
