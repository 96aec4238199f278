/** Edits that compute their mask alone, over its share of the picture, interleaved with the paper's path. */
import sharp from "sharp";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import type { Schedule } from "../../../shared/schedule.ts";
import type { EditRequest, EditResult } from "../../src/edit/request.ts";
import type { EditPath } from "../../src/edit/value-path.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { chartsSvg } from "../kit/charts.ts";
import { markdown } from "../kit/markdown.ts";
import { type Spread, spreadOf } from "../kit/spread.ts";

/** Of the photo's area; a square in its middle. */
const SHARES = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8] as const;

/** The share whose first edit is timed too: what it adds to an inversion does not depend on the mask. */
const FIRST = 0.2;

/** Seconds on the clock, and of all threads on the processor, which other work on the machine hardly changes. */
interface Cost {
  readonly clock: number;
  readonly processor: number;
}

/** Costs of edits with a mask of one share, as parts of the first edit by the paper's path in the same round. */
export interface ShareCost {
  readonly share: number;
  /** Of the picture, computed in each evaluation of the edit pass. */
  readonly tokens: EditResult["tokens"];
  readonly second: Readonly<Record<keyof Cost, Spread>>;
  readonly first?: Readonly<Record<keyof Cost, Spread>>;
}

async function costOf(work: () => Promise<EditResult>): Promise<Cost & Pick<EditResult, "tokens">> {
  const [clock, processor] = [performance.now(), process.cpuUsage()];
  const { tokens } = await work();
  const { user, system } = process.cpuUsage(processor);
  return { clock: (performance.now() - clock) / 1e3, processor: (user + system) / 1e6, tokens };
}

async function squareOf(photo: Uint8Array, share: number): Promise<Uint8Array> {
  const { width, height } = await sharp(photo).metadata();
  const [across, down] = [width, height].map((side) => Math.round(side * Math.sqrt(share))) as [
    number,
    number,
  ];
  const place = { left: Math.round((width - across) / 2), top: Math.round((height - down) / 2) };
  const white = { create: { width: across, height: down, channels: 3, background: "white" } } as const;
  return sharp({ create: { width, height, channels: 3, background: "black" } })
    .composite([{ input: await sharp(white).png().toBuffer(), ...place }])
    .png()
    .toBuffer();
}

/** Every share once a round, after a first edit by the paper's path; round 0 warms up. */
export async function timeShares(
  engine: Engine,
  photo: Uint8Array,
  schedule: Schedule,
  rounds: number,
): Promise<ShareCost[]> {
  const masks = await Promise.all(SHARES.map((share) => squareOf(photo, share)));
  const edit = (mask: Uint8Array, value_path: EditPath, inversionScope: string) => {
    const request: EditRequest = {
      photo: { bytes: photo },
      mask: { bytes: mask },
      prompt: "a person wearing glasses",
      sourcePrompt: "a person.",
      maskOptions: maskOptionsSchema.parse({}),
      schedule,
      ablation: { value_path },
      composite: "paste-back",
      inversionScope,
    };
    return costOf(() => engine.edit(request));
  };
  const seconds = SHARES.map(() => [] as Cost[]);
  const firsts: Cost[] = [];
  const tokens: EditResult["tokens"][] = [];
  const first = SHARES.indexOf(FIRST);
  const part = (cost: Cost, of: Cost): Cost => ({
    clock: cost.clock / of.clock,
    processor: cost.processor / of.processor,
  });
  for (let round = 0; round <= rounds; round++) {
    const mask = masks[first] as Uint8Array;
    const paper = await edit(mask, "cache", `${round} paper`);
    const own = await edit(mask, "background", `${round} background`);
    if (round > 0) firsts.push(part(own, paper));
    for (const [index, other] of masks.entries()) {
      const again = await edit(other, "background", `${round} background`);
      tokens[index] = again.tokens;
      if (round > 0) seconds[index]?.push(part(again, paper));
    }
    process.stderr.write(`round ${round} of ${rounds}\r`);
  }
  const spreads = (costs: readonly Cost[]) => ({
    clock: spreadOf(costs.map(({ clock }) => clock)) as Spread,
    processor: spreadOf(costs.map(({ processor }) => processor)) as Spread,
  });
  return SHARES.map((share, index) => ({
    share,
    tokens: tokens[index] as EditResult["tokens"],
    second: spreads(seconds[index] as Cost[]),
    ...(index === first && { first: spreads(firsts) }),
  }));
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

const shown = ({ median, min, max }: Spread) =>
  `${percent(median)} (${(100 * min).toFixed(0)} to ${(100 * max).toFixed(0)})`;

export function sharesTable(costs: readonly ShareCost[]): string {
  const head = ["mask", "tokens computed", "second edit, by the clock", "on the processor"];
  const rows = costs.flatMap(({ share, tokens, second, first }) => {
    const computed = `${tokens.computed} of ${tokens.all}`;
    return [
      [percent(share), computed, shown(second.clock), shown(second.processor)],
      ...(first
        ? [[`${percent(share)}, a first edit`, computed, shown(first.clock), shown(first.processor)]]
        : []),
    ];
  });
  return markdown(head, rows);
}

export function sharesSvg(costs: readonly ShareCost[]): string {
  const curve = (name: string, of: (cost: ShareCost) => number) => ({
    name,
    points: costs.map((cost) => [cost.tokens.computed, 100 * of(cost)] as const),
  });
  return chartsSvg([
    {
      title: "A second edit, % of a first by the paper's path",
      x: "tokens computed",
      y: "%",
      scale: "value",
      curves: [
        curve("on the processor", ({ second }) => second.processor.median),
        curve("by the clock", ({ second }) => second.clock.median),
      ],
    },
  ]);
}
