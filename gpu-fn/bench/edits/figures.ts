import { markdown } from "../kit/markdown.ts";
import type { Judged } from "./judge-edits.ts";
import { mean } from "./metrics.ts";
import { perceptualMeans } from "./perceptual/metrics.ts";
import type { Verdict } from "./verdict.ts";

/** Whose pictures a row of figures is about. */
export const ROWS = ["edited", "delivered", "do_nothing", "autoencoder_only", "truth"] as const;
export type Row = (typeof ROWS)[number];

/** The figures of one attribute, or of all edits together. Shares are 0…1, PSNR in dB; NaN (null in JSON) of none. */
export interface Figures {
  readonly n: number;
  readonly renderer: string;
  readonly model: string;
  /** Eq. 17, τ = 0.1. */
  readonly attr_edit: number;
  /** The same above one half: the classifier says yes. */
  readonly attr_found: number;
  /** Mean score of the asked attribute: what Eq. 17 cuts at τ. */
  readonly attr_score: number;
  /** Eq. 18. */
  readonly attr_preserve: number;
  readonly psnr_db: number;
  readonly psnr_outside_db: number;
  readonly ssim_outside: number;
  /** Cosine of the attribute classifier's penultimate features; no face recogniser. */
  readonly identity: number;
  readonly cf_distance_inside: number;
  readonly psnr_inside_db: number;
  /** Levels of 255; NaN in rows that have no mask. */
  readonly seam: number;
  /** Of the located mask: the same in every row. */
  readonly mask_iou: number;
  readonly mask_dice: number;
  /** Means of what the user's networks measured, by key; absent without any. */
  readonly perceptual?: Readonly<Record<string, number>>;
}

export interface Names {
  readonly renderer: string;
  readonly model: string;
}

export function figures(edits: readonly Judged[], row: Row, names: Names): Figures {
  const average = (of: (verdict: Verdict) => number) => mean(edits.map((edit) => of(edit[row])));
  const total = (of: (verdict: Verdict) => number) => edits.reduce((sum, edit) => sum + of(edit[row]), 0);
  return {
    n: edits.length,
    ...names,
    attr_edit: average(({ edited, score }) => (Number.isNaN(score) ? score : Number(edited))),
    attr_found: average(({ found, score }) => (Number.isNaN(score) ? score : Number(found))),
    attr_score: average(({ score }) => score),
    attr_preserve: total(({ preserved }) => preserved.kept) / total(({ preserved }) => preserved.of),
    psnr_db: average((verdict) => verdict.psnr_db),
    psnr_outside_db: average((verdict) => verdict.psnr_outside_db),
    ssim_outside: average((verdict) => verdict.ssim_outside),
    identity: average((verdict) => verdict.identity),
    cf_distance_inside: average((verdict) => verdict.cf_distance_inside),
    psnr_inside_db: average((verdict) => verdict.psnr_inside_db),
    seam: average((verdict) => verdict.seam),
    mask_iou: mean(edits.map((edit) => edit.mask_iou)),
    mask_dice: mean(edits.map((edit) => edit.mask_dice)),
    ...(edits.some((edit) => edit[row].perceptual) && {
      perceptual: perceptualMeans(edits.map((edit) => edit[row].perceptual)),
    }),
  };
}

const COLUMNS: readonly [title: string, value: (figures: Figures) => string][] = [
  ["n", (f) => String(f.n)],
  ["edited (τ .1)", (f) => percent(f.attr_edit)],
  ["found (τ .5)", (f) => percent(f.attr_found)],
  ["score", (f) => (Number.isNaN(f.attr_score) ? "—" : f.attr_score.toFixed(2))],
  ["preserved", (f) => percent(f.attr_preserve)],
  ["whole", (f) => decibel(f.psnr_db)],
  ["outside", (f) => decibel(f.psnr_outside_db)],
  ["SSIM", (f) => f.ssim_outside.toFixed(3)],
  ["identity", (f) => f.identity.toFixed(3)],
  ["inside", (f) => decibel(f.psnr_inside_db)],
  ["distance", (f) => f.cf_distance_inside.toFixed(3)],
  ["seam", (f) => (Number.isNaN(f.seam) ? "—" : f.seam.toFixed(2))],
  ["mask IoU", (f) => (Number.isNaN(f.mask_iou) ? "—" : f.mask_iou.toFixed(2))],
  ["Dice", (f) => (Number.isNaN(f.mask_dice) ? "—" : f.mask_dice.toFixed(2))],
];

/** The columns' titles, and a row of them for each name. */
export function cells(rows: ReadonlyMap<string, Figures>): { head: string[]; body: string[][] } {
  return {
    head: COLUMNS.map(([title]) => title),
    body: [...rows.values()].map((f) => COLUMNS.map(([, value]) => value(f))),
  };
}

/** A table in Markdown, a row for each name; the user's networks' columns last. */
export function table(rows: ReadonlyMap<string, Figures>): string {
  const { head, body } = cells(rows);
  const extra = Object.keys([...rows.values()].at(-1)?.perceptual ?? {});
  return markdown(
    ["", ...head, ...extra],
    [...rows].map(([name, { perceptual }], i) => [
      name,
      ...(body[i] ?? []),
      ...extra.map((key) => perceptual?.[key]?.toFixed(3) ?? "—"),
    ]),
  );
}

const percent = (share: number) =>
  Number.isNaN(share) ? "—" : `${(100 * share).toFixed(share > 0.9 && share < 1 ? 1 : 0)} %`;
/** A mean of none is that of equal pictures. */
const decibel = (value: number) => (Number.isNaN(value) ? "∞" : `${value.toFixed(1)} dB`);

/** The figures of each attribute's edits. */
export function byAttribute(edits: readonly Judged[], attributes: readonly string[], row: Row, names: Names) {
  const of = (name: string) => edits.filter(({ attribute }) => attribute === name);
  return Object.fromEntries(attributes.map((name) => [name, figures(of(name), row, names)]));
}

/** The figures of all edits, and of each attribute where some are named. */
export function summaryOf(edits: readonly Judged[], attributes: readonly string[], row: Row, names: Names) {
  return {
    all: figures(edits, row, names),
    ...(attributes.length > 0 && { attributes: byAttribute(edits, attributes, row, names) }),
  };
}
