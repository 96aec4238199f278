/** First-block caching: when the first block's output hardly moved, the rest of the transformer is skipped. */

/**
 * How much the first block's residual (what it added to the image's tokens) moved since the last full evaluation:
 * mean |now − kept| over mean |kept|. 0 where nothing moved; NaN or ∞ where the kept one is 0 everywhere.
 * @throws RangeError where they are not of one length
 */
export function relativeChange(now: Float32Array, kept: Float32Array): number {
  if (now.length !== kept.length)
    throw new RangeError(`a residual of ${now.length} values was held against one of ${kept.length}`);
  let moved = 0;
  let size = 0;
  for (let i = 0; i < kept.length; i++) {
    const before = kept[i] as number;
    moved += Math.abs((now[i] as number) - before);
    size += Math.abs(before);
  }
  return moved / size;
}

/** Whether the rest of the blocks may be skipped. A threshold of 0 never skips. */
export function hardlyMoved(now: Float32Array, kept: Float32Array, threshold: number): boolean {
  return relativeChange(now, kept) < threshold;
}
