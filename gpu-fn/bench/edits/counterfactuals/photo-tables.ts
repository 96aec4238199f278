import { markdown } from "../../kit/markdown.ts";
import { type Figures, figures, type Names, type Row, table } from "../figures.ts";
import type { Judged } from "../judge-edits.ts";
import { mean } from "../metrics.ts";
import { type Goal, gainOf } from "./goals.ts";

/** Every schedule before the paste and as delivered, and what it is held against. */
export function schedulesTable(found: ReadonlyMap<string, readonly Judged[]>, names: Names): string {
  const any = [...found.values()].at(-1) ?? [];
  const rowOf = (edits: readonly Judged[], row: Row) => figures(edits, row, names);
  return table(
    new Map([
      ["do nothing", rowOf(any, "do_nothing")],
      ["autoencoder only", rowOf(any, "autoencoder_only")],
      ...[...found].flatMap(([name, edits]) => [
        [`${name}, before the paste`, rowOf(edits, "edited")] as const,
        [`${name}, as delivered`, rowOf(edits, "delivered")] as const,
      ]),
      ["truth", rowOf(any, "truth")],
    ]),
  );
}

const decimals =
  (digits: number, unit = "") =>
  (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? "—" : `${value.toFixed(digits)}${unit}`;
const share = (value: number) => decimals(0, " %")(100 * value);
const db = decimals(1, " dB");

/** A row an attribute, as delivered; what is outside also before the paste. */
export function attributesTable(
  edits: readonly Judged[],
  attributes: readonly string[],
  names: Names,
  identity: string | undefined,
): string {
  const rowOf = (name: string, some: readonly Judged[]) => {
    const [raw, delivered, passed, truth] = (
      ["edited", "delivered", "autoencoder_only", "truth"] as const
    ).map((row) => figures(some, row, names)) as [Figures, Figures, Figures, Figures];
    const who = (of: Figures) => decimals(3)(of.perceptual?.[identity ?? ""]);
    const nothing = mean(some.map((edit) => edit.do_nothing.psnr_inside_db));
    return [
      name,
      String(some.length),
      share(delivered.attr_edit),
      share(delivered.attr_found),
      share(truth.attr_found),
      share(delivered.attr_preserve),
      `${nothing.toFixed(1)} → ${db(delivered.psnr_inside_db)}`,
      decimals(1)(mean(some.map(gainOf))),
      db(raw.psnr_outside_db),
      decimals(3)(raw.ssim_outside),
      db(delivered.psnr_outside_db),
      db(delivered.psnr_db),
      decimals(2)(raw.mask_dice),
      ...(identity ? [who(passed), who(raw), who(delivered), who(truth)] : []),
    ];
  };
  const heads = [
    ...[
      "",
      "n",
      "edited",
      "found",
      "found in the truth",
      "preserved",
      "inside: nothing → delivered",
      "gain, dB",
    ],
    ...["outside before the paste", "SSIM", "outside delivered", "whole delivered", "Dice"],
    ...(identity ? ["identity: autoencoder", "before the paste", "delivered", "truth"] : []),
  ];
  return markdown(heads, [
    ...attributes.map((name) =>
      rowOf(
        name,
        edits.filter(({ attribute }) => attribute === name),
      ),
    ),
    rowOf("**all**", edits),
  ]);
}

export function goalsTable(goals: readonly Goal[]): string {
  const word = (met: boolean | null) => (met === null ? "not judged" : met ? "met" : "**short**");
  return markdown(
    ["must reach", "asked", "reached", ""],
    goals.map(({ goal, asked, reached, met }) => [goal, String(asked), decimals(3)(reached), word(met)]),
  );
}
