import { markdown } from "../kit/markdown.ts";
import type { Measured } from "./measure-mark.ts";
import { CROP, TREATMENTS } from "./treatments.ts";

/** Pictures of one size and region together. */
export interface Row {
  readonly group: string;
  readonly region: string;
  readonly pictures: number;
  readonly pixels: number;
  readonly share: number;
  readonly held: number;
  readonly psnr_region: number | null;
  readonly psnr_picture: number | null;
  readonly outside: number;
  readonly ms: number;
  /** Share of the pictures whose mark was read, 0…1; null if it was not tried. */
  readonly detection: Readonly<Record<string, number | null>>;
}

const NAMES = [...TREATMENTS.map(({ name }) => name), CROP.name];

export function rowsOf(measured: readonly Measured[]): Row[] {
  const groups = Map.groupBy(measured, ({ group, region }) => `${group}\n${region}`);
  return [...groups.values()].map((of) => {
    const { group, region } = of[0] as Measured;
    const mean = (value: (one: Measured) => number) => {
      const known = of.map(value).filter((figure) => !Number.isNaN(figure));
      return known.length === 0 ? null : known.reduce((sum, figure) => sum + figure, 0) / known.length;
    };
    return {
      group,
      region,
      pictures: of.length,
      pixels: Math.round(mean(({ pixels }) => pixels) ?? 0),
      share: mean(({ share }) => share) ?? 0,
      held: of.filter(({ held }) => held === "held").length / of.length,
      psnr_region: mean(({ psnr }) => psnr.region),
      psnr_picture: mean(({ psnr }) => psnr.picture),
      outside: of.reduce((sum, { outside }) => sum + outside, 0),
      ms: Math.round(mean(({ ms }) => ms) ?? 0),
      detection: Object.fromEntries(
        NAMES.map((name) => [
          name,
          mean(({ read }) => (read[name] === undefined ? Number.NaN : Number(read[name]))),
        ]),
      ),
    };
  });
}

/** As Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const head = ["picture", "region", "n", "pixels", "share", "held", "PSNR region", "PSNR picture", ...NAMES];
  const percent = (value: number | null | undefined) =>
    value == null ? "–" : `${Math.round(100 * value)} %`;
  const decibels = (value: number | null) => value?.toFixed(1) ?? "–";
  const body = rows.map((row) => [
    row.group,
    row.region,
    String(row.pictures),
    String(row.pixels),
    `${(100 * row.share).toFixed(1)} %`,
    percent(row.held),
    decibels(row.psnr_region),
    decibels(row.psnr_picture),
    ...NAMES.map((name) => percent(row.detection[name])),
  ]);
  return markdown(head, body, 2);
}
