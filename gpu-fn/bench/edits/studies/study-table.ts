import { cells, type Figures, figures, type Names, type Row } from "../figures.ts";
import type { Judged } from "../judge-edits.ts";
import type { Bench, StudyReport } from "../study.ts";

/** A column that the main table does not have. */
export interface Column {
  readonly title: string;
  readonly cell: (row: string) => string;
}

/** The main table's columns, in its own words and rounding, and a study's own after them. */
export function tableOf(
  rows: ReadonlyMap<string, Figures>,
  own: readonly Column[] = [],
): Pick<StudyReport, "columns" | "rows"> {
  const { head, body } = cells(rows);
  return {
    columns: ["", ...head, ...own.map(({ title }) => title)],
    rows: [...rows.keys()].map((name, i) => [name, ...(body[i] ?? []), ...own.map(({ cell }) => cell(name))]),
  };
}

/** A row's figures; only an edit has a mask to be judged. */
export function rowFigures(edits: readonly Judged[], row: Row, names: Names): Figures {
  const found = figures(edits, row, names);
  return row === "edited" ? found : { ...found, mask_iou: Number.NaN, mask_dice: Number.NaN };
}

/** What the figures were taken with. */
export function namesOf({ model: { manifest }, subjects }: Bench): Names {
  return { renderer: subjects.renderer, model: `${manifest.id} ${manifest.version}` };
}

export const percent = (share: number): string =>
  Number.isNaN(share) ? "—" : `${(100 * share).toFixed(share > 0.9 && share < 1 ? 1 : 0)} %`;

/** A mask as a picture for a sheet. */
export function greyPicture(mask: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 3 * mask.length }, (_, i) => mask[Math.floor(i / 3)] as number);
}
