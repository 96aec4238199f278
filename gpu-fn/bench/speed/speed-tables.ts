import { PRESETS, type PresetName } from "../../../shared/presets.ts";
import { chartsSvg } from "../kit/charts.ts";
import { markdown } from "../kit/markdown.ts";
import { type Spread, spreadOf } from "../kit/spread.ts";
import { TIMES, type Time, type TimedEdit } from "./edits.ts";
import type { TokenCost } from "./tokens.ts";
import type { TorchMode } from "./torch.ts";

/** One preset at one time, over all rounds. */
export interface EditRow {
  readonly preset: PresetName;
  readonly time: Time;
  readonly evaluations: number;
  readonly seconds: Spread;
  readonly ms_per_evaluation: Spread;
  readonly outside: Spread;
}

/** PyTorch over all rounds, and how many times as long it takes as the engine in the same round. */
export interface TorchRow {
  readonly mode: TorchMode;
  readonly ms_per_evaluation: Spread;
  readonly times_as_long: Spread;
}

const NAMES = Object.keys(PRESETS) as PresetName[];

export function editRows(edits: readonly TimedEdit[]): EditRow[] {
  return NAMES.flatMap((preset) =>
    TIMES.map((time) => {
      const those = edits.filter((edit) => edit.preset === preset && edit.time === time);
      const spread = (of: (edit: TimedEdit) => number) => spreadOf(those.map(of)) as Spread;
      return {
        preset,
        time,
        evaluations: those[0]?.evaluations ?? Number.NaN,
        seconds: spread(({ seconds }) => seconds),
        ms_per_evaluation: spread(({ msPerEvaluation }) => msPerEvaluation),
        outside: spread(({ outside }) => outside),
      };
    }),
  );
}

/** The second edit's share of the first's time, by preset, round by round. */
export function secondShares(edits: readonly TimedEdit[]): { preset: PresetName; share: Spread }[] {
  return NAMES.map((preset) => {
    const seconds = (time: Time) =>
      edits.filter((edit) => edit.preset === preset && edit.time === time).map((edit) => edit.seconds);
    const first = seconds("first");
    const shares = seconds("second").map((second, round) => second / (first[round] as number));
    return { preset, share: spreadOf(shares) as Spread };
  });
}

const shown = ({ median, min, max }: Spread, digits = 2, scale = 1) =>
  `${(scale * median).toFixed(digits)} (${(scale * min).toFixed(digits)} to ${(scale * max).toFixed(digits)})`;

export function speedTables(
  edits: readonly TimedEdit[],
  torch: readonly TorchRow[],
  tokens: readonly TokenCost[],
): string {
  const rows = editRows(edits).map(({ preset, time, evaluations, seconds, ...rest }) => [
    `${preset}, ${time}`,
    String(evaluations),
    shown(seconds),
    shown(rest.ms_per_evaluation),
    // what a cold engine still opens would count as outside
    time === "cold" ? "—" : shown(rest.outside, 0, 100),
  ]);
  const shares = secondShares(edits).map(({ preset, share }) => [preset, shown(share, 0, 100)]);
  const others = torch.map((row) => [row.mode, shown(row.ms_per_evaluation), shown(row.times_as_long)]);
  const sizes = tokens.map(({ imageTokens, tokens: all, ms, linearFlop, attentionFlop }) => [
    `${imageTokens} (${all} with the prompt's)`,
    shown(ms),
    ((1e3 * ms.median) / all).toFixed(1),
    `${((100 * attentionFlop) / (linearFlop + attentionFlop)).toFixed(0)} %`,
  ]);
  return [
    markdown(["", "evaluations", "seconds", "ms an evaluation", "outside the transformer, %"], rows),
    markdown(["second edit of the first, %", ""], shares),
    ...(torch.length > 0 ? [markdown(["PyTorch", "ms an evaluation", "times the engine's"], others)] : []),
    markdown(["image tokens", "ms an evaluation", "µs a token", "attention's share of FLOP"], sizes),
  ].join("\n\n");
}

/** Seconds over evaluations, a point a preset, and milliseconds over tokens beside the arithmetic's growth. */
export function speedSvg(edits: readonly TimedEdit[], tokens: readonly TokenCost[]): string {
  const rows = editRows(edits);
  const curve = (time: Time) => ({
    name: time,
    points: rows
      .filter((row) => row.time === time)
      .map(({ evaluations, seconds }) => [evaluations, seconds.median] as const)
      .sort(([a], [b]) => a - b),
  });
  const { ms: base, linearFlop, attentionFlop } = tokens[0] as TokenCost;
  const perFlop = base.median / (linearFlop + attentionFlop);
  const measured = tokens.map(({ tokens: all, ms }) => [all, ms.median] as const);
  const calculated = tokens.map((cost) => {
    return [cost.tokens, perFlop * (cost.linearFlop + cost.attentionFlop)] as const;
  });
  return chartsSvg([
    {
      title: "An edit by preset",
      x: "evaluations",
      y: "s",
      scale: "value",
      curves: TIMES.slice(1).map(curve),
    },
    {
      title: "An evaluation over the picture's size",
      x: "tokens",
      y: "ms",
      scale: "value",
      curves: [
        { name: "measured", points: measured },
        { name: "as its FLOP grow", points: calculated },
      ],
    },
  ]);
}
