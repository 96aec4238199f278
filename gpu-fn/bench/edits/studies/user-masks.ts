import { type CasePictures, caseName } from "../cases.ts";
import type { Row } from "../figures.ts";
import type { Judged } from "../judge-edits.ts";
import { differingOutside, mean, rootMeanSquareInside } from "../metrics.ts";
import type { Bench, Study, StudyReport } from "../study.ts";
import type { Subject, Subjects } from "../subjects.ts";
import { ask } from "./ask.ts";
import { blend, leftPart, upperPart } from "./region-parts.ts";
import { greyPicture, namesOf, rowFigures, tableOf } from "./study-table.ts";

/** Edits of a part of their region: what a user's mask is for. */
type Parts = Readonly<Record<string, { readonly attribute: string; readonly part: typeof leftPart }>>;
const parts = (hair: string, lipstick: string): Parts => ({
  "half of the hair dyed": { attribute: hair, part: leftPart },
  "one dark lens": { attribute: "sunglasses", part: leftPart },
  "one rosy cheek": { attribute: "rosy_cheeks", part: leftPart },
  "lipstick on the upper lip": { attribute: lipstick, part: upperPart },
});
export const DRAWN: Readonly<Record<Subjects["kind"], Parts>> = {
  drawings: parts("hair_color", "lipstick"),
  photos: parts("pink_hair", "red_lipstick"),
};

/** Rows of each on the sheet. */
const SHEET_ROWS = 3;

/** How far a picture went from the source: root mean square of 0…1, and pixels. */
interface Change {
  readonly inside: number;
  /** In the rest of the region, which the prompt means and the mask leaves out. */
  readonly beside: number;
  /** Pixels that are not the source's where the feathered mask is 0. */
  readonly differing: number;
}

/** One row's pictures, judged within the given mask. */
type Answer = Readonly<
  Record<string, { readonly judged: Judged; readonly row: Row; readonly change: Change }>
>;

async function answer(bench: Bench, name: string, { edit, open }: Subject, part: typeof leftPart) {
  const { model, schedule } = bench;
  const side = model.manifest.resolution;
  const cut = ({ touched, ...whole }: CasePictures) => {
    const mask = part(touched ?? whole.region, side);
    return { ...whole, truth: blend(whole.truth, whole.source, mask), region: mask };
  };
  let region = new Uint8Array();
  const { judge, drawn } = await open((whole) => {
    region = (whole.touched ?? whole.region).slice();
    return cut(whole);
  });
  const mask = drawn.region;
  const rest = region.map((coverage, i) => (mask[i] === 0 ? coverage : 0));
  const edited = await ask(model, edit, drawn, { schedule: schedule(edit.attribute), mask });
  const own = await judge(edited);
  const row = (judged: Judged, of: Row, picture: Uint8Array, differing?: number) => ({
    judged,
    row: of,
    change: {
      inside: rootMeanSquareInside(picture, drawn.source, mask),
      beside: rootMeanSquareInside(picture, drawn.source, rest),
      differing: differing ?? differingOutside(picture, drawn.source, edited.mask),
    },
  });
  const rows: Answer = {
    "do nothing": row(own, "do_nothing", drawn.source),
    "autoencoder only": row(own, "autoencoder_only", edited.reconstructed),
    edited: row(own, "edited", edited.picture),
    "pasted back": row(
      await judge({ ...edited, picture: edited.pasted }),
      "edited",
      edited.pasted,
      edited.differing,
    ),
    truth: row(own, "truth", drawn.truth),
  };
  const panels = [drawn.source, greyPicture(mask), edited.picture, edited.pasted, drawn.truth];
  bench.tick(name);
  return { name, rows, shown: { title: `${caseName(edit)} ${name}`, panels } };
}

async function run(bench: Bench, drawn: Parts): Promise<StudyReport> {
  const cases = Object.entries(drawn).flatMap(([name, { attribute, part }]) =>
    bench.subjects.cases(attribute, bench.perAttribute).map((subject) => ({ name, subject, part })),
  );
  bench.expect(cases.length);
  const answers: Awaited<ReturnType<typeof answer>>[] = [];
  for (const { name, subject, part } of cases) answers.push(await answer(bench, name, subject, part));

  const names = namesOf(bench);
  const figuresOf = (some: typeof answers, row: string) => {
    const found = some.flatMap(({ rows }) => rows[row] ?? []);
    const edits = found.map(({ judged }) => judged);
    const average = (of: keyof Change) => mean(found.map(({ change }) => change[of]));
    return {
      ...rowFigures(edits, found[0]?.row ?? "edited", names),
      change_inside: average("inside"),
      change_beside: average("beside"),
      pixels_differing: found.reduce((sum, { change }) => sum + change.differing, 0),
    };
  };
  const rows = new Map(Object.keys(answers[0]?.rows ?? {}).map((row) => [row, figuresOf(answers, row)]));
  for (const name of Object.keys(drawn))
    for (const row of ["edited", "pasted back"])
      rows.set(
        `${name}: ${row}`,
        figuresOf(
          answers.filter((found) => found.name === name),
          row,
        ),
      );
  const decimals = (value: number | undefined) => (value ?? Number.NaN).toFixed(3);
  return {
    title: "A mask given by the user (C.1)",
    ...tableOf(rows, [
      { title: "change inside", cell: (row) => decimals(rows.get(row)?.change_inside) },
      { title: "change beside", cell: (row) => decimals(rows.get(row)?.change_beside) },
      { title: "pixels differing at mask 0", cell: (row) => String(rows.get(row)?.pixels_differing) },
    ]),
    notes: [
      "inside, outside, distance and truth are of the given mask: the counterfactual within it, the photo beside it",
      "change: root mean square difference from the photo, inside the mask and in the rest of the region",
      "pixels differing: where the feathered mask is 0, over all edits; pasted back it must be 0",
      "edited and found are the classifier's, which knows whole attributes: the truth's row has what it makes of a part",
      "outside of 100 dB stands for equal pictures; the feather reaches beyond the given mask",
    ],
    figures: { rows: Object.fromEntries(rows) },
    sheet: {
      heads: ["source", "given mask", "edited", "pasted back", "truth"],
      rows: Object.keys(drawn).flatMap((name) =>
        answers.flatMap((found) => (found.name === name ? [found.shown] : [])).slice(0, SHEET_ROWS),
      ),
    },
  };
}

export function userMasksStudy(drawn?: Parts): Study {
  return {
    name: "user-masks",
    of: ["drawings", "photos"],
    about: "edits restricted by the user's own mask to a part of a region (C.1)",
    run: (bench) => run(bench, drawn ?? DRAWN[bench.subjects.kind]),
  };
}
