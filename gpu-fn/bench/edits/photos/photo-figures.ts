import { mean } from "../metrics.ts";
import { perceptualMeans } from "../perceptual/metrics.ts";
import type { JudgedPhoto } from "./verdict.ts";

export const PHOTO_ROWS = ["edited", "do_nothing", "autoencoder_only"] as const;
export type PhotoRow = (typeof PHOTO_ROWS)[number];

/**
 * Figures of edits of photos: shares 0…1, PSNR in dB, and the user's networks' under their own keys. `attr_…` are null
 * without a classifier; what needs a region, a mask or a network is absent without it.
 */
export type PhotoFigures = Readonly<
  { n: number; attr_edit: number | null; attr_found: number | null; attr_preserve: number | null } & Record<
    string,
    number | null
  >
>;

const MEASURED = [
  "psnr_db",
  "ssim",
  "psnr_outside_db",
  "ssim_outside",
  "psnr_outside_located_db",
  "ssim_outside_located",
] as const;

/** The figures of one editor's edits, or of what a row is compared with. */
export function photoFigures(edits: readonly JudgedPhoto[], row: PhotoRow): PhotoFigures {
  const verdicts = edits.map((edit) => edit[row]).filter((verdict) => verdict !== undefined);
  const read = verdicts.map(({ attributes }) => attributes).filter((attributes) => attributes !== undefined);
  const share = (yes: number, of: number) => (of === 0 ? null : yes / of);
  const count = (has: (attributes: (typeof read)[number]) => boolean) => read.filter(has).length;
  const total = (key: "kept" | "of") => read.reduce((sum, { preserved }) => sum + preserved[key], 0);
  const masks = row === "edited" ? (["mask_iou", "mask_dice"] as const) : [];
  return {
    n: verdicts.length,
    attr_edit: share(
      count(({ edited }) => edited),
      read.length,
    ),
    attr_found: share(
      count(({ found }) => found),
      read.length,
    ),
    attr_preserve: share(total("kept"), total("of")),
    ...averages(verdicts, MEASURED),
    ...averages(edits, masks),
    ...perceptualMeans(verdicts.map(({ perceptual }) => perceptual)),
  };
}

/** Mean of each key that any of them has. */
function averages<Key extends string>(
  from: readonly Partial<Record<Key, number>>[],
  keys: readonly Key[],
): Record<string, number> {
  const had = keys.filter((key) => from.some((item) => item[key] !== undefined));
  return Object.fromEntries(had.map((key) => [key, mean(from.map((item) => item[key] ?? Number.NaN))]));
}

/** All edits together and each attribute. */
export function photoReport(edits: readonly JudgedPhoto[], attributes: readonly string[], row: PhotoRow) {
  const of = (name: string) => edits.filter(({ attribute }) => attribute === name);
  return {
    all: photoFigures(edits, row),
    attributes: Object.fromEntries(attributes.map((name) => [name, photoFigures(of(name), row)])),
  };
}

const TITLES: Readonly<Record<string, string>> = {
  attr_edit: "edited (τ .1)",
  attr_found: "found (τ .5)",
  attr_preserve: "preserved",
  psnr_db: "PSNR",
  ssim: "SSIM",
  psnr_outside_db: "outside",
  ssim_outside: "SSIM outside",
  psnr_outside_located_db: "outside own mask",
  ssim_outside_located: "SSIM outside own mask",
  mask_iou: "mask IoU",
  mask_dice: "Dice",
};

/** A table whose columns are the keys that any row has. */
export function photoTable(rows: ReadonlyMap<string, PhotoFigures>): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const keys = [...new Set([...rows.values()].flatMap((figures) => Object.keys(figures)))];
  return {
    columns: ["", ...keys.map((key) => TITLES[key] ?? key)],
    rows: [...rows].map(([name, figures]) => [name, ...keys.map((key) => shown(key, figures[key]))]),
  };
}

function shown(key: string, value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  if (key === "n") return String(value);
  if (key.startsWith("attr_")) return `${(100 * value).toFixed(1)} %`;
  if (key.endsWith("_db")) return `${value.toFixed(2)} dB`;
  return value.toFixed(key === "clip_score" ? 2 : 4);
}
