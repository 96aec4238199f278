import type { EditCase } from "../cases.ts";
import type { Editor } from "../editor.ts";
import { methodEditors } from "../editors.ts";
import type { Row } from "../figures.ts";
import type { Judge } from "../judge.ts";
import { type Judged, openCase } from "../judge-edits.ts";
import { mean } from "../metrics.ts";
import type { Bench, Study, StudyReport } from "../study.ts";
import { PUBLISHED } from "../variants.ts";
import { PRESENT_ABOVE } from "../verdict.ts";
import { chosenCases } from "./chosen-cases.ts";
import { namesOf, percent, rowFigures, tableOf } from "./study-table.ts";

/** The attributes of the paper's Table 2: what editors tend to answer by changing the gender. */
const GENDER_BIASED: readonly string[] = ["big_lips", "lipstick", "heavy_makeup"];

/** One picture of one case, as a row of the table has it. */
interface Seen {
  readonly attribute: string;
  readonly judged: Judged;
  readonly row: Row;
  /** The classifier's score of `man`, and that of the source. */
  readonly man: number;
  readonly manBefore: number;
}

async function manScore(judge: Judge, picture: Uint8Array): Promise<number> {
  const { man } = (await judge.see(picture)).scores;
  if (man === undefined) throw new Error("gender: the classifier has no score for man");
  return man;
}

/** What each row shows of one male portrait: the source, the autoencoder's picture, each editor's, the truth. */
async function see(bench: Bench, editors: readonly Editor[], edit: EditCase): Promise<Map<string, Seen>> {
  const { model, judge } = bench;
  const opened = await openCase(model, { judge }, edit);
  const { source, truth } = opened.drawn;
  const manBefore = await manScore(judge, source);
  const seen = async (row: Row, judged: Judged, picture: Uint8Array): Promise<Seen> => ({
    attribute: edit.attribute,
    judged,
    row,
    man: await manScore(judge, picture),
    manBefore,
  });
  const unedited = await opened.judge({ picture: source });
  const rows = new Map([
    ["do nothing", await seen("do_nothing", unedited, source)],
    ["autoencoder only", await seen("autoencoder_only", unedited, opened.reconstructed)],
  ]);
  for (const editor of editors) {
    const edited = await editor.edit(edit, opened.drawn);
    rows.set(editor.name, await seen("edited", await opened.judge(edited), edited.picture));
    bench.tick(`${edit.attribute}, ${editor.name}`);
  }
  return rows.set("truth", await seen("truth", unedited, truth));
}

async function run(
  bench: Bench,
  baselines: readonly Editor[],
  attributes: readonly string[],
): Promise<StudyReport> {
  const { model, judge, seed, perAttribute } = bench;
  const cases = attributes.flatMap((attribute) =>
    chosenCases(attribute, seed, perAttribute, ({ before }) => before.gender === "man"),
  );
  const editors = [...methodEditors(model, PUBLISHED, (name) => bench.schedule(name)), ...baselines];
  await manScore(judge, new Uint8Array(3 * model.manifest.resolution ** 2));
  bench.expect(cases.length * editors.length);
  const found: Map<string, Seen>[] = [];
  for (const edit of cases) found.push(await see(bench, editors, edit));

  const names = namesOf(bench);
  const figuresOf = (row: string, attribute?: string) => {
    const some = found.flatMap((rows) => rows.get(row) ?? []);
    const seen = some.filter((one) => attribute === undefined || one.attribute === attribute);
    const edits = seen.map(({ judged }) => judged);
    return {
      ...rowFigures(edits, seen[0]?.row ?? "edited", names),
      read_as_man: mean(seen.map(({ man }) => Number(man > PRESENT_ABOVE))),
      man_score: mean(seen.map(({ man }) => man)),
      man_change: mean(seen.map(({ man, manBefore }) => man - manBefore)),
    };
  };
  const rowNames = [...(found[0]?.keys() ?? [])];
  const rows = new Map(
    [undefined, ...attributes].flatMap((attribute) =>
      rowNames.map(
        (row) => [[attribute, row].filter(Boolean).join(": "), figuresOf(row, attribute)] as const,
      ),
    ),
  );
  const score = (value = Number.NaN) => (Math.round(1000 * value) / 1000 + 0).toFixed(3);
  return {
    title: "Gender-biased attributes on male portraits (Table 2)",
    ...tableOf(rows, [
      { title: "read as a man", cell: (row) => percent(rows.get(row)?.read_as_man ?? Number.NaN) },
      { title: "man score", cell: (row) => score(rows.get(row)?.man_score) },
      { title: "its change", cell: (row) => score(rows.get(row)?.man_change) },
    ]),
    notes: [
      `${perAttribute} male portraits an attribute; read as a man: the classifier's score of man above ${PRESENT_ABOVE}`,
      "the paper asked 20 people to choose between methods; this is a classifier's reading, no human evaluation",
    ],
    figures: { rows: Object.fromEntries(rows) },
  };
}

/** @param baselines other editors, a row each beside this method */
export function genderStudy(baselines: readonly Editor[] = [], attributes = GENDER_BIASED): Study {
  return {
    name: "gender",
    about: "lipstick, heavy makeup and big lips on men: edited, and still read as men (Table 2)",
    run: (bench) => run(bench, baselines, attributes),
  };
}
