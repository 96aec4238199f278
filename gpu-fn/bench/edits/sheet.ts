import sharp from "sharp";
import { caseName } from "./cases.ts";
import type { EditedPictures } from "./editor.ts";
import type { Judged, OpenCase } from "./judge-edits.ts";

/** One row of a contact sheet: pictures of one side length, interleaved RGB bytes. */
export interface SheetRow {
  readonly title: string;
  readonly panels: readonly Uint8Array[];
}

/** What the panels of a case's row are. */
const SHEET_HEADS = ["source", "autoencoder", "mask", "edited", "truth"];

/** Rows below each other: a sheet of 24 attributes stays a picture that a person can look at. */
const ROWS_A_COLUMN = 12;

/** A case's row: black if the editor has no mask. */
function caseRow({ edit, drawn, reconstructed }: OpenCase, edited: EditedPictures, judged: Judged): SheetRow {
  const { source, truth } = drawn;
  const grey = Uint8Array.from({ length: source.length }, (_, i) => edited.mask?.[Math.floor(i / 3)] ?? 0);
  return {
    title: `${caseName(edit)} ${edit.targetPrompt}: ${judged.edited.found ? "found" : "not found"}`,
    panels: [source, reconstructed, grey, edited.picture, truth],
  };
}

/** Gathers the sheet of a run: the first case of each attribute, with the masks of one editor or the pictures of several. */
export class SheetRows {
  readonly heads: readonly string[];
  readonly rows: SheetRow[] = [];
  /** Rows below each other. */
  readonly perColumn: number;
  readonly #editors: readonly string[];
  readonly #seen = new Map<string, string>();
  #open: { edit: OpenCase["edit"]; panels: Uint8Array[] } | undefined;

  constructor(editors: readonly string[]) {
    const single = editors.length === 1;
    this.#editors = editors;
    this.heads = single ? SHEET_HEADS : ["source", ...editors, "truth"];
    this.perColumn = ROWS_A_COLUMN;
  }

  add(opened: OpenCase, edited: EditedPictures, judged: Judged): void {
    const { edit, drawn } = opened;
    const first = this.#seen.get(edit.attribute) ?? caseName(edit);
    this.#seen.set(edit.attribute, first);
    if (caseName(edit) !== first) return;
    if (this.#editors.length === 1) {
      this.rows.push(caseRow(opened, edited, judged));
      return;
    }
    if (this.#open?.edit !== edit) this.#open = { edit, panels: [drawn.source] };
    this.#open.panels.push(edited.picture);
    if (this.#open.panels.length > this.#editors.length)
      this.rows.push({
        title: `${caseName(edit)} ${edit.targetPrompt}`,
        panels: [...this.#open.panels, drawn.truth],
      });
  }
}

const GAP = 4;
const TITLE = 18;

/**
 * Lays rows of pictures into a sheet, in columns of `perColumn` rows, each row under its title.
 * @param side pixels of a picture; @param heads what the panels of a row are
 * @returns JPEG
 */
export async function contactSheet(
  rows: readonly SheetRow[],
  side: number,
  heads: readonly string[],
  perColumn: number,
): Promise<Uint8Array> {
  const columns = Math.ceil(rows.length / perColumn);
  const rowWidth = heads.length * (side + GAP) + 2 * GAP;
  const rowHeight = side + TITLE + GAP;
  const width = columns * rowWidth;
  const height = TITLE + Math.min(perColumn, rows.length) * rowHeight;
  const words: string[] = [];
  const write = (x: number, y: number, text: string) =>
    words.push(`<text x="${x}" y="${y}">${text.replace(/[<&]/g, " ")}</text>`);
  for (let column = 0; column < columns; column++)
    heads.forEach((head, i) => {
      write(column * rowWidth + GAP + i * (side + GAP), 13, head);
    });
  const layers = rows.flatMap(({ title, panels }, index) => {
    const left = Math.floor(index / perColumn) * rowWidth + GAP;
    const top = TITLE + (index % perColumn) * rowHeight;
    write(left, top + 13, title);
    return panels.map((panel, i) => ({
      input: Buffer.from(panel),
      raw: { width: side, height: side, channels: 3 as const },
      left: left + i * (side + GAP),
      top: top + TITLE,
    }));
  });
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <g font-family="sans-serif" font-size="11" fill="#333">${words.join("")}</g></svg>`;
  return sharp({ create: { width, height, channels: 3, background: "white" } })
    .composite([...layers, { input: Buffer.from(text), left: 0, top: 0 }])
    .jpeg({ quality: 80 })
    .toBuffer();
}
