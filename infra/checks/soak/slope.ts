/** Growth of a series by least squares, and the half width of its 95 % confidence interval, in units an hour. */
export interface Slope {
  readonly perHour: number;
  readonly halfWidth: number;
}

/**
 * Least squares over means of blocks: neighbouring readings of a process's memory say the same (a heap that grows until
 * it is collected), so that as many independent ones would promise far too narrow an interval. A block is as long as
 * such a saw's tooth, or longer.
 * @param points time in milliseconds and value, by time
 * @param blocks how many, at least 6
 * @returns null if a block is empty
 */
export function slopeOf(points: readonly (readonly [number, number])[], blocks: number): Slope | null {
  const [first, last] = [points[0]?.[0], points.at(-1)?.[0]];
  if (blocks < 6 || first === undefined || last === undefined || last <= first) return null;
  const width = (last - first) / blocks;
  const means: [number, number][] = [];
  for (let block = 0; block < blocks; block++) {
    const from = first + block * width;
    const within = points.filter(([at]) => at >= from && (at < from + width || block === blocks - 1));
    if (within.length === 0) return null;
    means.push([mean(within.map(([at]) => at / 3_600_000)), mean(within.map(([, value]) => value))]);
  }
  const [x, y] = [mean(means.map(([at]) => at)), mean(means.map(([, value]) => value))];
  const spread = sum(means.map(([at]) => (at - x) ** 2));
  const perHour = sum(means.map(([at, value]) => (at - x) * (value - y))) / spread;
  const rest = sum(means.map(([at, value]) => (value - y - perHour * (at - x)) ** 2));
  const error = Math.sqrt(rest / (blocks - 2) / spread);
  return { perHour, halfWidth: studentT975(blocks - 2) * error };
}

/**
 * The 97.5 % quantile of Student's t by its expansion in the normal one's (Abramowitz and Stegun, 26.7.5): right to two
 * decimals from four degrees of freedom on.
 */
export function studentT975(degrees: number): number {
  const z = 1.959964;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3 + g4 / degrees ** 4;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
