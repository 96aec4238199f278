import { type MarkKey, markPicture } from "../../src/provenance/watermark/mark.ts";
import { markdown } from "../kit/markdown.ts";
import type { Case } from "./pictures.ts";

/** Unmeasured marks for warm-up (compilation), and measured marks for the median. */
const ROUNDS = { warm: 4, measured: 9 };

/** Cost of marking one picture. */
export interface Cost {
  readonly group: string;
  readonly region: string;
  readonly held: string;
  /** Processor time of all threads in milliseconds, so that other load does not count. */
  readonly ms: number;
}

export async function costOf({ group, region, picture, mask }: Case, key: MarkKey): Promise<Cost> {
  const times: number[] = [];
  let held = "";
  for (let round = 0; round < ROUNDS.warm + ROUNDS.measured; round++) {
    const before = process.cpuUsage();
    held = (await markPicture(picture, mask, key)).held;
    const { user, system } = process.cpuUsage(before);
    if (round >= ROUNDS.warm) times.push((user + system) / 1000);
  }
  const sorted = times.sort((a, b) => a - b);
  return { group, region, held, ms: sorted[Math.floor(sorted.length / 2)] ?? 0 };
}

/** One row for each size, one column for each region. */
export function costTable(costs: readonly Cost[]): string {
  const regions = [...new Set(costs.map(({ region }) => region))];
  const groups = Map.groupBy(costs, ({ group }) => group);
  const cell = (one: Cost | undefined) => (one === undefined ? "" : `${Math.round(one.ms)} (${one.held})`);
  const rows = [...groups].map(([group, of]) => [
    group,
    ...regions.map((name) => cell(of.find(({ region }) => region === name))),
  ]);
  return markdown(["processor ms", ...regions], rows);
}
