/** The half of a list that a prompt is in: thresholds and phrases were tuned on one half only. */
export const HALVES = ["tuned", "held_out"] as const;

export type Half = (typeof HALVES)[number];

/** The first, third, … prompts of a list are for tuning; the second, fourth, … are held out. */
export const halfOf = <T>(list: readonly T[], half: Half): T[] =>
  list.filter((_, i) => (i % 2 === 0) === (half === "tuned"));
