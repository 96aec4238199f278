import type { EditedPictures } from "../editor.ts";
import type { SheetRow } from "../sheet.ts";
import type { PhotoCase } from "./cases.ts";
import type { PhotoEditor } from "./editor.ts";
import { openPhoto, type PhotoPictures } from "./pictures.ts";
import type { SelectedPhotos } from "./selection.ts";
import { type JudgedPhoto, judgePhoto, type PhotoJudges } from "./verdict.ts";

/** Every editor on every case, a case at a time; on the sheet stands the first case of each attribute. */
export async function judgeEach(
  editors: readonly PhotoEditor[],
  { cases, knowledge }: SelectedPhotos,
  judges: PhotoJudges,
  resolution: number,
  tick: (label: string) => void,
): Promise<{ found: Map<string, JudgedPhoto[]>; sheet: SheetRow[] }> {
  const found = new Map<string, JudgedPhoto[]>(editors.map(({ name }) => [name, []]));
  const sheet = new Map<string, SheetRow>();
  for (const edit of cases) {
    const seen = await openPhoto(edit, resolution, knowledge);
    const all: EditedPictures[] = [];
    for (const editor of editors) {
      const edited = await editor.edit(edit, seen);
      found.get(editor.name)?.push(await judgePhoto(judges, edit, seen, edited));
      all.push(edited);
      tick(`${editor.name}: ${edit.attribute}`);
    }
    if (!sheet.has(edit.attribute)) sheet.set(edit.attribute, sheetRow(edit, seen, all));
  }
  return { found, sheet: [...sheet.values()] };
}

/** The photo, the parser's region or else the mask that was edited in, and every editor's picture. */
function sheetRow(
  { photo, targetPrompt }: PhotoCase,
  { source, region }: PhotoPictures,
  edited: readonly EditedPictures[],
): SheetRow {
  const mask = region ?? edited.find((pictures) => pictures.mask)?.mask ?? new Uint8Array(source.length / 3);
  return {
    title: `${photo} ${targetPrompt}`,
    panels: [source, asColours(mask), ...edited.map(({ picture }) => picture)],
  };
}

const asColours = (grey: Uint8Array) =>
  Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)] as number);
