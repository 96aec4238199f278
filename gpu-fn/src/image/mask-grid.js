/** Masks on other grids: PASL's output or a drawn mask to the grid of image tokens (algorithm.md section 5). */
/** Resizes rows and columns independently; weights of a cell sum to 1, so 0..1 stays in 0..1. */
export function resizeMask(mask, height, width, mode = "area") {
  return summed(mask, axisParts(mask.height, height, mode), axisParts(mask.width, width, mode));
}
/** A cell of the new grid, or one of the mask if that is smaller, is looked at in so many places on each axis. */
const SAMPLES = 4;
/**
 * A mask over one rectangle of a photo on a grid over another: the mean over each new cell of the mask, bilinear
 * between the centres of its cells, level from the outermost centres to its border, and 0 beyond.
 * @param over where the mask lies; `onto` likewise for the new grid, both in pixels of the photo
 */
export function remapMask(mask, over, onto, { rows, columns }) {
  const down = remapParts(
    { start: over.top, length: over.height, count: mask.height },
    { start: onto.top, length: onto.height, count: rows },
  );
  const across = remapParts(
    { start: over.left, length: over.width, count: mask.width },
    { start: onto.left, length: onto.width, count: columns },
  );
  return summed(mask, down, across);
}
function remapParts(over, onto) {
  const cell = over.length / over.count;
  const step = onto.length / onto.count;
  const samples = SAMPLES * Math.max(1, Math.ceil(step / cell));
  return Array.from({ length: onto.count }, (_, index) => {
    const weights = new Map();
    for (let sample = 0; sample < samples; sample++) {
      const place = (onto.start + (index + (sample + 0.5) / samples) * step - over.start) / cell;
      if (place < 0 || place > over.count) continue;
      const centre = Math.min(over.count - 1, Math.max(0, place - 0.5));
      const low = Math.floor(centre);
      const high = Math.min(low + 1, over.count - 1);
      weights.set(low, (weights.get(low) ?? 0) + (1 - (centre - low)) / samples);
      weights.set(high, (weights.get(high) ?? 0) + (centre - low) / samples);
    }
    return [...weights].map(([index, weight]) => ({ index, weight }));
  });
}
/** Each new cell as the weighted sum of cells of the mask, its rows and columns apart. */
function summed(mask, rows, columns) {
  const [height, width] = [rows.length, columns.length];
  const data = new Float32Array(height * width);
  rows.forEach((rowParts, row) => {
    columns.forEach((columnParts, column) => {
      let sum = 0;
      for (const y of rowParts) {
        for (const x of columnParts)
          sum += y.weight * x.weight * (mask.data[y.index * mask.width + x.index] ?? 0);
      }
      data[row * width + column] = sum;
    });
  });
  return { data, height, width };
}
function axisParts(from, to, mode) {
  const parts = { area: areaParts, bilinear: bilinearParts, nearest_exact: nearestParts }[mode];
  return Array.from({ length: to }, (_, cell) => parts(cell, from, to));
}
function areaParts(cell, from, to) {
  const start = Math.floor((cell * from) / to);
  const end = Math.ceil(((cell + 1) * from) / to);
  return Array.from({ length: end - start }, (_, part) => ({
    index: start + part,
    weight: 1 / (end - start),
  }));
}
function bilinearParts(cell, from, to) {
  const centre = Math.max(((cell + 0.5) * from) / to - 0.5, 0);
  const index = Math.min(Math.floor(centre), from - 1);
  const weight = centre - index;
  return [
    { index, weight: 1 - weight },
    { index: Math.min(index + 1, from - 1), weight },
  ];
}
function nearestParts(cell, from, to) {
  return [{ index: Math.min(Math.floor(((cell + 0.5) * from) / to), from - 1), weight: 1 }];
}
