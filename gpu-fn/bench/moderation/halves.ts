/** Which half of a list a prompt is in: thresholds and phrases were tuned on the one, and never on the other. */
export const HALVES = ["tuned", "held_out"] as const;

export type Half = (typeof HALVES)[number];

/** The first, third, … of a list are tuned on; the second, fourth, … are held out. */
export const halfOf = <T>(list: readonly T[], half: Half): T[] =>
  list.filter((_, i) => (i % 2 === 0) === (half === "tuned"));
