/** Norm of the difference over the norm of the truth. @throws RangeError if their sizes differ */
export function relativeError(found: Float32Array, truth: Float32Array): number {
  if (found.length !== truth.length) throw new RangeError(`${found.length} values, not ${truth.length}`);
  let [difference, whole] = [0, 0];
  truth.forEach((value, index) => {
    difference += ((found[index] as number) - value) ** 2;
    whole += value ** 2;
  });
  return Math.sqrt(difference / whole);
}
