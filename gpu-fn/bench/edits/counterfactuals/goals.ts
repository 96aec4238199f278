/** What edits of photos must reach, as shipped weights are held to it. */
import { type Figures, figures as figuresOf, type Names, type Row } from "../figures.ts";
import type { Judged } from "../judge-edits.ts";
import { mean } from "../metrics.ts";

/** Least dB inside that an attribute must come nearer to its truth than the photo is. */
const GAINS: readonly (readonly [name: string, attributes: RegExp, least: number])[] = [
  ["hair colours", /_hair$/, 6],
  ["skin tones", /_skin$/, 6],
  ["beards", /^(?:beard|goatee|mustache|stubble)$/, 6],
  ["sunglasses", /^sunglasses$/, 5],
  ["lipsticks", /_lipstick$/, 4],
  ["brows", /_eyebrows$/, 4],
  ["makeup", /^heavy_makeup$/, 1.5],
  ["smile", /^smile$/, 1.5],
  ["eyeglasses", /^eyeglasses$/, 0],
];

/** Share of any metric of `paper` that a faster schedule may lose. */
const LOSSES: Readonly<Record<string, number>> = { balanced: 0.02, fast: 0.05 };

export interface Goal {
  readonly goal: string;
  readonly reached: number;
  readonly asked: number;
  /** Null where nothing was judged. */
  readonly met: boolean | null;
}

const least = (goal: string, reached: number, asked: number): Goal => ({
  goal,
  reached,
  asked,
  met: Number.isNaN(reached) ? null : reached >= asked,
});
const most = (goal: string, reached: number, asked: number): Goal => ({
  ...least(goal, reached, asked),
  met: Number.isNaN(reached) ? null : reached <= asked,
});

/** How much nearer to the truth what is delivered is than the photo: dB inside, a figure an edit. */
export const gainOf = ({ delivered, do_nothing }: Judged): number =>
  delivered.psnr_inside_db - do_nothing.psnr_inside_db;

/**
 * @param found of each schedule, `paper` among them
 * @param identity the face recogniser's key; without one that goal is not judged
 */
export function goalsOf(
  found: ReadonlyMap<string, readonly Judged[]>,
  names: Names,
  identity?: string,
): Goal[] {
  const paper = found.get("paper") ?? [];
  const of = (edits: readonly Judged[], row: Row) => figuresOf(edits, row, names);
  const [raw, delivered, passed] = (["edited", "delivered", "autoencoder_only"] as const).map((row) =>
    of(paper, row),
  ) as [Figures, Figures, Figures];
  const who = ({ perceptual }: Figures) => perceptual?.[identity ?? ""] ?? Number.NaN;
  return [
    least("attribute edited", delivered.attr_edit, 0.85),
    least("preserved", delivered.attr_preserve, 0.97),
    least("outside before the paste, dB", raw.psnr_outside_db, 30),
    least("outside before the paste, SSIM", raw.ssim_outside, 0.93),
    most(
      "pixels changed outside of the mask",
      paper.reduce((sum, edit) => sum + edit.pasted_differing, 0),
      0,
    ),
    ...GAINS.map(([name, attributes, asked]) =>
      least(
        `${name}: dB inside over doing nothing`,
        mean(paper.filter((edit) => attributes.test(edit.attribute)).map(gainOf)),
        asked,
      ),
    ),
    least("identity as delivered less the autoencoder's", who(delivered) - who(passed), -0.03),
    ...Object.entries(LOSSES).map(([name, asked]) => {
      const faster = of(found.get(name) ?? [], "delivered");
      return most(`${name}: most lost of a metric`, worstLoss(delivered, faster), asked);
    }),
  ];
}

const METRICS = [
  "attr_edit",
  "attr_preserve",
  "psnr_db",
  "psnr_outside_db",
  "ssim_outside",
  "identity",
  "psnr_inside_db",
] as const;

/** The largest share of a metric that is lost; 0 if none is. */
function worstLoss(paper: Figures, faster: Figures): number {
  const losses = METRICS.map((key) => 1 - faster[key] / paper[key]).filter(Number.isFinite);
  return losses.length === 0 ? Number.NaN : Math.max(0, ...losses);
}
