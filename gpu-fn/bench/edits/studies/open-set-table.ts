import { REGIONS, type Region } from "../../../../shared/regions.ts";
import { paslOf } from "../../../src/manifest/pasl-part.ts";
import { mean } from "../metrics.ts";
import type { Bench, StudyReport } from "../study.ts";
import { percent } from "./study-table.ts";
import type { Kind, Wording } from "./vocabulary.ts";

/** Means; NaN of none. */
interface Score {
  readonly dice: number;
  /** Share of portraits in which the right region is the best match among the eighteen. */
  readonly right: number;
}

/** How one wording fared over the portraits that show its region. */
export interface Located extends Score {
  readonly wording: Wording;
  readonly portraits: number;
}

interface RegionScore extends Score {
  readonly region: Region;
}

/** The score of all wordings of one kind, region by region: each portrait that shows it counts once for each wording. */
function scoresOf(located: readonly Located[], kind: Kind): RegionScore[] {
  return REGIONS.map((region) => {
    const some = located.filter(
      ({ wording, portraits }) => wording.kind === kind && wording.region === region && portraits > 0,
    );
    const all = some.reduce((sum, { portraits }) => sum + portraits, 0);
    const average = (of: (one: Located) => number) =>
      some.reduce((sum, one) => sum + one.portraits * of(one), 0) / all;
    return { region, dice: average(({ dice }) => dice), right: average(({ right }) => right) };
  });
}

function summaryOf(scores: readonly RegionScore[]) {
  const shown = scores.filter(({ dice }) => !Number.isNaN(dice));
  const [lowest] = [...shown].sort((a, b) => a.dice - b.dice);
  return {
    mean: { dice: mean(shown.map(({ dice }) => dice)), right: mean(shown.map(({ right }) => right)) },
    lowest,
    regions: scores,
  };
}

const decimals = (dice: number) => (Number.isNaN(dice) ? "—" : dice.toFixed(3));
const cells = ({ dice, right }: Score) => [decimals(dice), percent(right)];
const lowestCells = (lowest: RegionScore | undefined) =>
  lowest === undefined ? ["—", ""] : [`${decimals(lowest.dice)} ${lowest.region}`, percent(lowest.right)];

/** Each region, their mean, the lowest of them, and each synonym. */
export function openSetReport(located: readonly Located[], { perAttribute, model }: Bench): StudyReport {
  const known = summaryOf(scoresOf(located, "known"));
  const heldOut = summaryOf(scoresOf(located, "held out"));
  const synonyms = located.filter(({ wording }) => wording.kind === "synonym");
  const { resolution } = model.manifest;
  const grid = paslOf(model.manifest).config.strides.reduce(
    (side, stride) => Math.ceil(side / stride),
    resolution,
  );
  return {
    title: "Open-set text to mask (A.3)",
    columns: ["", "Dice, known", "right region", "Dice, held out", "right region"],
    rows: [
      ["mean over regions", ...cells(known.mean), ...cells(heldOut.mean)],
      ["lowest region", ...lowestCells(known.lowest), ...lowestCells(heldOut.lowest)],
      ...known.regions.map((score, i) => [
        score.region,
        ...cells(score),
        ...cells(heldOut.regions[i] ?? score),
      ]),
      ...synonyms.map((one) => [`${one.wording.name} → ${one.wording.region}`, "", "", ...cells(one)]),
    ],
    notes: [
      `${perAttribute} portraits; Dice on PASL's own ${grid}×${grid} grid, masks above 0.5 against coverage above 0.5, ` +
        "over portraits that show the region: as train_pasl.py evaluates, which draws one wording a portrait where this takes all",
      "right region: the named region has the highest Dice among the eighteen",
      "known: the training wordings alone, without the pairs' captions that training adds",
    ],
    figures: {
      known,
      held_out: heldOut,
      synonyms: synonyms.map(({ wording, ...score }) => ({ ...wording, ...score })),
    },
  };
}
