import type { CasePictures } from "../cases.ts";
import type { EditedPictures } from "../editor.ts";
import type { Row } from "../figures.ts";
import type { Judged, OpenCase } from "../judge-edits.ts";
import { mean } from "../metrics.ts";
import { unite } from "../renders.ts";
import type { Bench, Study, StudyReport } from "../study.ts";
import type { SeveralSubject, Subjects } from "../subjects.ts";
import { ask, type Sent } from "./ask.ts";
import { PHOTOS_TOGETHER, TOGETHER } from "./several-cases.ts";
import { namesOf, percent, rowFigures, tableOf } from "./study-table.ts";

/** One edit after another, each of the file that the user got from the one before. */
async function inTurn({ model, schedule }: Bench, { steps }: SeveralSubject, drawn: CasePictures) {
  let sent: Sent = drawn;
  const done: Required<Pick<EditedPictures, "picture" | "mask">>[] = [];
  for (const step of steps) {
    const { delivered, ...edited } = await ask(model, step, sent, { schedule: schedule(step.attribute) });
    sent = { ...sent, file: await delivered() };
    done.push(edited);
  }
  const last = done.at(-1) as (typeof done)[number];
  return {
    ...last,
    mask: unite(
      done.map(({ mask }) => mask),
      model.manifest.resolution,
    ),
  };
}

const BY_KIND: Readonly<Record<Subjects["kind"], typeof TOGETHER>> = {
  drawings: TOGETHER,
  photos: PHOTOS_TOGETHER,
};

const ORDERS = ["at once", "one after another"] as const;
type Order = (typeof ORDERS)[number];

/** What one portrait's edits came to, an entry an attribute. */
interface Answered {
  readonly attributes: number;
  readonly judged: Readonly<Record<Order, readonly Judged[]>>;
}

async function answer(bench: Bench, several: SeveralSubject): Promise<Answered> {
  const { model } = bench;
  const { steps, together } = several;
  const cases: OpenCase[] = [];
  for (const step of steps) cases.push(await several.open(step));
  const { drawn } = cases[0] as OpenCase;
  const schedule = bench.schedule(together.attribute);
  const pictures: Record<Order, EditedPictures> = {
    "at once": await ask(model, together, drawn, { schedule }),
    "one after another": await inTurn(bench, several, drawn),
  };
  const judged: Record<Order, Judged[]> = { "at once": [], "one after another": [] };
  for (const { judge } of cases) for (const order of ORDERS) judged[order].push(await judge(pictures[order]));
  bench.tick(steps.map(({ attribute }) => attribute).join(", "));
  return { attributes: steps.length, judged };
}

async function run(bench: Bench, together: typeof TOGETHER): Promise<StudyReport> {
  const cases = together.flatMap((names) => bench.subjects.several(names, bench.perAttribute));
  bench.expect(cases.length);
  const answers: Answered[] = [];
  for (const several of cases) answers.push(await answer(bench, several));

  const names = namesOf(bench);
  const counts = [...new Set(together.map((set) => set.length))];
  const groups = counts.flatMap((count) => {
    const some = answers.filter(({ attributes }) => attributes === count);
    const group = (name: string, order: Order, row: Row) => {
      const edits = some.map(({ judged }) => judged[order]);
      const all = (of: "edited" | "found") =>
        mean(edits.map((portrait) => Number(portrait.every((judged) => judged[row][of]))));
      return [
        `${count}: ${name}`,
        { ...rowFigures(edits.flat(), row, names), all_edited: all("edited"), all_found: all("found") },
      ] as const;
    };
    return [
      group("do nothing", "at once", "do_nothing"),
      group("autoencoder only", "at once", "autoencoder_only"),
      ...ORDERS.map((order) => group(order, order, "edited")),
      group("truth", "at once", "truth"),
    ];
  });
  const rows = new Map<string, (typeof groups)[number][1]>(groups);
  return {
    title: "Several attributes (C.2)",
    ...tableOf(rows, [
      { title: "all edited", cell: (row) => percent(rows.get(row)?.all_edited ?? Number.NaN) },
      { title: "all found", cell: (row) => percent(rows.get(row)?.all_found ?? Number.NaN) },
    ]),
    notes: [
      `asked together: ${together.map((set) => set.join(" + ")).join("; ")}; ${bench.perAttribute} portraits each`,
      "n counts attributes: edited and found are the shares of single attributes, all edited and all found of portraits",
      "at once: one prompt, split as the product splits it, and the union of the masks",
      "one after another: each edit starts from the pasted picture of the one before",
      "outside is beside the union of the true regions; truth has all changes",
    ],
    figures: { rows: Object.fromEntries(rows) },
  };
}

/** @param together attributes to ask for at once, each of another region */
export function severalStudy(together?: typeof TOGETHER): Study {
  return {
    name: "several",
    of: ["drawings", "photos"],
    about: "two and three attributes in one edit, and the same one after another (C.2)",
    run: (bench) => run(bench, together ?? BY_KIND[bench.subjects.kind]),
  };
}
