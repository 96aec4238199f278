import { PROMPT_POLICIES } from "../../../shared/moderation/policies.ts";
import { markdown } from "../kit/markdown.ts";
import { KINDS } from "./adversarial.ts";
import type { Ages } from "./ages.ts";
import { HALVES, type Half } from "./halves.ts";
import type { PictureRow } from "./pictures.ts";
import type { CaughtRow, RefusedRow } from "./words.ts";

const sum = <T>(rows: readonly T[], value: (row: T) => number) =>
  rows.reduce((total, row) => total + value(row), 0);

const share = (part: number, whole: number) => `${part}/${whole}`;

/** Caught of all, by kind, one line for each policy and half; in brackets by words alone, if they caught fewer. */
export function caughtTable(rows: readonly CaughtRow[]): string {
  const cell = (chosen: readonly CaughtRow[]) => {
    const [caught, words, all] = [
      sum(chosen, (row) => row.caught),
      sum(chosen, (row) => row.caught_by_words),
      sum(chosen, (row) => row.prompts),
    ];
    return `${share(caught, all)}${words < caught ? ` (${words})` : ""}`;
  };
  const line = (name: string, half: Half, of: (row: CaughtRow) => boolean) => {
    const chosen = rows.filter((row) => row.half === half && of(row));
    return [
      name,
      half.replace("_", " "),
      ...KINDS.map((kind) => cell(chosen.filter((row) => row.kind === kind))),
      cell(chosen),
    ];
  };
  const lines = PROMPT_POLICIES.flatMap((policy) =>
    HALVES.map((half) => line(policy, half, (row) => row.policy === policy)),
  );
  return markdown(
    ["policy", "half", ...KINDS, "all"],
    [...lines, ...HALVES.map((half) => line("all", half, () => true))],
  );
}

export function refusedTable(rows: readonly RefusedRow[]): string {
  const cell = (chosen: readonly RefusedRow[]) =>
    share(
      sum(chosen, (row) => row.refused),
      sum(chosen, (row) => row.prompts),
    );
  const topics = [...new Set(rows.map(({ topic }) => topic))];
  const line = (name: string, of: (row: RefusedRow) => boolean) => [
    name,
    ...HALVES.map((half) => cell(rows.filter((row) => row.half === half && of(row)))),
    rows
      .filter(of)
      .flatMap(({ wrong }) => wrong)
      .join("; "),
  ];
  return markdown(
    ["harmless prompts about", "tuned", "held out", "wrongly refused"],
    [
      ...topics.map((topic) => line(topic, (row) => row.topic === topic)),
      [...line("all", () => true).slice(0, 3), ""],
    ],
  );
}

export const picturesTable = (rows: readonly PictureRow[]) =>
  markdown(
    [
      "harmless pictures",
      "n",
      "highest score",
      "refused as sexual",
      "no face",
      "youngest",
      "refused by age",
      "gate",
    ],
    rows.map((row) => [
      row.group,
      String(row.pictures),
      row.highest_score.toFixed(3),
      String(row.refused_as_sexual),
      String(row.without_face),
      row.youngest?.toFixed(1) ?? "",
      String(row.refused_by_age),
      String(row.age_threshold),
    ]),
  );

export const agesTable = ({ rows }: Ages) =>
  markdown(
    ["portrait of", "age", "estimated", "error", "dated by"],
    rows.map(({ who, age: [least, most], estimated, error, dated }) => [
      who,
      most - least < 1 ? least.toFixed(0) : `${Math.floor(least)}–${Math.floor(most)}`,
      estimated?.toFixed(1) ?? "no face",
      error?.toFixed(1) ?? "",
      dated,
    ]),
  );
