import { mean } from "./metrics.ts";
import type { Judged } from "./run.ts";

/** The figures of one attribute, or of all edits together. Shares are 0…1, PSNR in dB. */
export interface Figures {
  readonly n: number;
  readonly attr_edit: number;
  /** The classifier's answers on do nothing (false alarms) and on the true counterfactual (its own misses). */
  readonly attr_nothing: number;
  readonly attr_truth: number;
  readonly nothing_psnr_inside_db: number;
  readonly edited_psnr_inside_db: number;
  readonly gain_inside_db: number;
  readonly pasted_psnr_inside_db: number;
  readonly psnr_outside_db: number;
  readonly mask_dice: number;
}

export function figures(edits: readonly Judged[]): Figures {
  const average = (of: (edit: Judged) => number) => mean(edits.map(of));
  const nothing = average((edit) => edit.nothing_psnr_inside_db);
  const edited = average((edit) => edit.edited_psnr_inside_db);
  return {
    n: edits.length,
    attr_edit: average((edit) => Number(edit.found.edited)),
    attr_nothing: average((edit) => Number(edit.found.nothing)),
    attr_truth: average((edit) => Number(edit.found.truth)),
    nothing_psnr_inside_db: nothing,
    edited_psnr_inside_db: edited,
    gain_inside_db: edited - nothing,
    pasted_psnr_inside_db: average((edit) => edit.pasted_psnr_inside_db),
    psnr_outside_db: average((edit) => edit.psnr_outside_db),
    mask_dice: average((edit) => edit.mask_dice),
  };
}

const COLUMNS: readonly [title: string, value: (figures: Figures) => string][] = [
  ["n", (f) => String(f.n)],
  ["found", (f) => percent(f.attr_edit)],
  ["do nothing", (f) => percent(f.attr_nothing)],
  ["truth", (f) => percent(f.attr_truth)],
  ["inside: do nothing", (f) => decibel(f.nothing_psnr_inside_db)],
  ["edited", (f) => decibel(f.edited_psnr_inside_db)],
  ["gain", (f) => decibel(f.gain_inside_db)],
  ["pasted", (f) => decibel(f.pasted_psnr_inside_db)],
  ["outside", (f) => decibel(f.psnr_outside_db)],
  ["mask Dice", (f) => f.mask_dice.toFixed(2)],
];

/** A table in Markdown, one row an attribute and one for all. */
export function table(rows: ReadonlyMap<string, Figures>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(["", ...COLUMNS.map(([title]) => title)]),
    line(["---", ...COLUMNS.map(() => "---:")]),
    ...[...rows].map(([name, f]) => line([name, ...COLUMNS.map(([, value]) => value(f))])),
  ].join("\n");
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const decibel = (value: number) => `${value.toFixed(1)} dB`;
