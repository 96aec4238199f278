/**
 * Structuring: latents outside the mask follow the source (docs/algorithm.md section 5; Eq. 10 and 13). All
 * latents are packed tokens [L, C].
 */

/** Z_source at t (Eq. 10): on the line from the clean latent to the inverted noise, (1−t)·Z_0 + t·Z_N. */
export function sourceLatent(clean: Float32Array, noise: Float32Array, t: number): Float32Array {
  return clean.map((value, index) => (1 - t) * value + t * (noise[index] ?? 0));
}

/** M·Z + (1−M)·Z_source (Eq. 13). `mask` has one value in 0..1 per token. */
export function fuseLatents(edited: Float32Array, source: Float32Array, mask: Float32Array): Float32Array {
  const channels = edited.length / mask.length;
  return edited.map((value, index) => {
    const m = mask[Math.floor(index / channels)] ?? 0;
    return m * value + (1 - m) * (source[index] ?? 0);
  });
}

/**
 * The mask that an edit uses: `soft` as PASL gives it, `hard` thresholded at one half, or `none`: 0 everywhere, so that
 * the fusions take the source in the entire picture (paper section 4.3, "without PASL").
 */
export type MaskMode = "soft" | "hard" | "none";

export function maskAs(mode: MaskMode, mask: Float32Array): Float32Array {
  if (mode === "soft") return mask;
  return mask.map((value) => (mode === "hard" && value > 0.5 ? 1 : 0));
}
