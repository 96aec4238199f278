/** `--photos FOLDER/PART`: editors on photos with drawn counterfactuals, whole photo in, whole photo out. */
import type { Model } from "../../../src/model/model.ts";
import { MODERATION_WEIGHTS } from "../../../src/moderation/weights.ts";
import { openTaught } from "../../../src/words/taught.ts";
import { comparisonTable, pastedNote } from "../comparison.ts";
import { presetEditors, type ScheduleFor } from "../editors.ts";
import { figureT } from "../figure-t.ts";
import { figures, type Names, summaryOf } from "../figures.ts";
import { openJudge } from "../judge.ts";
import { answerAll } from "../judge-edits.ts";
import { mean } from "../metrics.ts";
import type { BenchOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { faceFeatureKey } from "../perceptual/face-feature.ts";
import { openPerceptual } from "../perceptual/metrics.ts";
import { SheetRows } from "../sheet.ts";
import type { Study } from "../study.ts";
import type { Subject } from "../subjects.ts";
import { FIGURES, TABLES } from "../tables.ts";
import { type Album, openAlbum } from "./album.ts";
import { gainOf, goalsOf } from "./goals.ts";
import { attributesTable, goalsTable, schedulesTable } from "./photo-tables.ts";
import { accuracyOf, isReadable, labelOf, READABLE } from "./questions.ts";
import { truePhotos } from "./truths.ts";

type Options = BenchOptions & { readonly photos: string };

export async function compareOnPhotos(
  model: Model,
  options: Options,
  scheduleFor: ScheduleFor,
  output: Output,
  study: Study | undefined,
): Promise<void> {
  const { photos, perAttribute, figure, threads, seed = 0 } = options;
  const judge = await openJudge("photos");
  const metrics = await openPerceptual(options, "five_points", threads === undefined ? {} : { threads });
  const judges = { judge, ...(metrics && { metrics }) };
  const { manifest } = model;
  const album = await openAlbum(
    await truePhotos(photos),
    model,
    judges,
    await openTaught(manifest, MODERATION_WEIGHTS),
  );
  if (study !== undefined) {
    const { expect, tick } = output;
    const bench = { model, judge, subjects: album, seed, perAttribute, schedule: scheduleFor, expect, tick };
    await output.study(await study.run(bench), { study: study.name, renderer: album.renderer });
    return metrics?.release();
  }
  const names: Names = { renderer: album.renderer, model: `${manifest.id} ${manifest.version}` };
  const attributes = attributesIn(album, options);
  const comparison = TABLES[options.table ?? ""] ?? FIGURES[figure ?? ""];
  const editors = comparison?.editors(model, scheduleFor) ?? presetEditors(model);
  const subjects = inOrderOfPhotos(attributes.flatMap((name) => chosen(album, name, perAttribute)));
  const sheet = new SheetRows(editors.map(({ name }) => name));
  output.expect(subjects.length * editors.length);
  const found = await answerAll(
    subjects,
    ({ open }) => open(),
    editors,
    (opened, { name }, edited, judged) => {
      output.tick(`${name}: ${judged.attribute}`);
      sheet.add(opened, edited, judged);
    },
  );
  output.stop();
  await metrics?.release();

  const identity = options.faceFeature === undefined ? undefined : faceFeatureKey(options.faceFeature);
  const edits = (comparison ? [...found.values()].at(-1) : found.get("paper")) ?? [];
  const unread = attributes.filter((name) => !isReadable(labelOf(name.replace(/^no /, "")), judge));
  if (comparison) output.print(comparisonTable(found, names, comparison));
  else {
    output.print(`${schedulesTable(found, names)}\n\n${attributesTable(edits, attributes, names, identity)}`);
    output.print(`\n${goalsTable(goalsOf(found, names, identity))}`);
  }
  output.print(
    [
      "",
      pastedNote(found),
      `the classifier cannot judge (balanced accuracy on test photos below ${READABLE}, or untried): ${unread.join(", ") || "nothing is left out"}`,
      ...Object.entries(metrics?.keys ?? {}).map(([key, about]) => `${key}: ${about}`),
    ].join("\n"),
  );
  const summary = {
    renderer: album.renderer,
    photos: new Set(subjects.map(({ edit }) => "photo" in edit && edit.photo)).size,
    classifier: Object.fromEntries(
      attributes.map((name) => [name, accuracyOf(labelOf(name), judge) ?? null]),
    ),
    unread,
    editors: Object.fromEntries(
      [...found].map(([name, edits]) => [
        name,
        {
          edited: summaryOf(edits, [], "edited", names),
          delivered: summaryOf(edits, [], "delivered", names),
        },
      ]),
    ),
    ...Object.fromEntries(
      (["do_nothing", "autoencoder_only", "truth"] as const).map((row) => [row, figures(edits, row, names)]),
    ),
    attributes: Object.fromEntries(
      attributes.map((attribute) => {
        const some = edits.filter((edit) => edit.attribute === attribute);
        const inside = {
          gain_db: mean(some.map(gainOf)),
          do_nothing_db: mean(some.map((edit) => edit.do_nothing.psnr_inside_db)),
        };
        return [
          attribute,
          { ...inside, edited: figures(some, "edited", names), delivered: figures(some, "delivered", names) },
        ];
      }),
    ),
    ...(!comparison && { goals: goalsOf(found, names, identity) }),
  };
  if (figure === "T") await output.save(summary, { svg: figureT(found, names) });
  else await output.save(summary, { sheet });
}

/** `removal` edits what is drawn on a photo away. */
function chosen(album: Album, name: string, count: number): readonly Subject[] {
  const gone = /^no (.+)$/.exec(name)?.[1];
  return gone === undefined ? album.cases(name, count) : album.removals(gone, count);
}

function attributesIn(album: Album, { attributes, table }: Options): readonly string[] {
  if (table === "removal") return album.removable.map((name) => `no ${name}`);
  return attributes === "celeba" || attributes === "all" ? album.attributes : attributes.split(",");
}

/** Edits of one photo follow each other: they share its inversion. */
function inOrderOfPhotos(subjects: readonly Subject[]): Subject[] {
  const photo = ({ edit }: Subject) => ("photo" in edit ? edit.photo : "");
  return [...subjects].sort((a, b) => photo(a).localeCompare(photo(b)));
}
