import { unionOf } from "../../../src/image/grey.ts";
import { renderPortrait, renderRegion } from "../../../training/text2mask/render.ts";
import type { CasePictures, EditCase } from "../cases.ts";
import type { EditedPictures } from "../editor.ts";
import type { Row } from "../figures.ts";
import { type Judged, openCase } from "../judge-edits.ts";
import { mean } from "../metrics.ts";
import type { Bench, Study, StudyReport } from "../study.ts";
import { ask, pngOf } from "./ask.ts";
import { type SeveralCase, severalCases, TOGETHER } from "./several-cases.ts";
import { namesOf, percent, rowFigures, tableOf } from "./study-table.ts";

const unite = (masks: readonly Uint8Array[], side: number): Uint8Array =>
  masks.map((data) => ({ width: side, height: side, data })).reduce(unionOf).data;

/** Source and truth of all changes together, and the union of their regions. */
async function drawSeveral(steps: readonly EditCase[], side: number): Promise<CasePictures> {
  const [first, last] = [steps[0] as EditCase, steps.at(-1) as EditCase];
  const source = await renderPortrait(first.before, side);
  const regions = await Promise.all(steps.map(({ region }) => renderRegion(first.before, region, side)));
  return {
    source,
    truth: await renderPortrait(last.after, side),
    region: unite(regions, side),
    png: await pngOf(source),
  };
}

/** One edit after another, each of the picture that the user got from the one before. */
async function inTurn({ model, schedule }: Bench, { steps }: SeveralCase, png: Uint8Array) {
  let photo = png;
  const done: Required<EditedPictures>[] = [];
  for (const { attribute, targetPrompt: prompt, sourcePrompt } of steps) {
    const edited = await ask(model, { png: photo, prompt, sourcePrompt, schedule: schedule(attribute) });
    photo = await pngOf(edited.pasted);
    done.push(edited);
  }
  const last = done.at(-1) as Required<EditedPictures>;
  const masks = done.map(({ mask }) => mask);
  return { ...last, mask: unite(masks, model.manifest.resolution) };
}

const ORDERS = ["at once", "one after another"] as const;
type Order = (typeof ORDERS)[number];

/** What one portrait's edits came to, an entry an attribute. */
interface Answered {
  readonly attributes: number;
  readonly judged: Readonly<Record<Order, readonly Judged[]>>;
}

async function answer(bench: Bench, several: SeveralCase): Promise<Answered> {
  const { model } = bench;
  const { steps, prompt, locate, sourcePrompt } = several;
  const drawn = await drawSeveral(steps, model.manifest.resolution);
  const schedule = bench.schedule(steps[0]?.attribute ?? "");
  const pictures: Record<Order, EditedPictures> = {
    "at once": await ask(model, { png: drawn.png, prompt, locate, sourcePrompt, schedule }),
    "one after another": await inTurn(bench, several, drawn.png),
  };
  const [before, after] = [steps[0]?.before, steps.at(-1)?.after] as [EditCase["before"], EditCase["after"]];
  const judged: Record<Order, Judged[]> = { "at once": [], "one after another": [] };
  for (const step of steps) {
    const asked = { ...step, targetPrompt: prompt, before, after };
    const { judge } = await openCase(bench.model, bench, asked, drawn);
    for (const order of ORDERS) judged[order].push(await judge(pictures[order]));
  }
  bench.tick(steps.map(({ attribute }) => attribute).join(", "));
  return { attributes: steps.length, judged };
}

async function run(bench: Bench, together: typeof TOGETHER): Promise<StudyReport> {
  const cases = together.flatMap((names) => severalCases(names, bench.seed, bench.perAttribute));
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
export function severalStudy(together: typeof TOGETHER = TOGETHER): Study {
  return {
    name: "several",
    about: "two and three attributes in one edit, and the same one after another (C.2)",
    run: (bench) => run(bench, together),
  };
}
