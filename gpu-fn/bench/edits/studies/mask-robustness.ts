import { InversionCache } from "../../../src/edit/inversion-cache.ts";
import { caseName } from "../cases.ts";
import type { Judged } from "../judge-edits.ts";
import type { Bench, Study, StudyReport } from "../study.ts";
import type { Subjects } from "../subjects.ts";
import { ask } from "./ask.ts";
import { coarse, scatter } from "./mask-perturbations.ts";
import { greyPicture, namesOf, rowFigures, tableOf } from "./study-table.ts";

/** Large and small regions, colours and shapes. */
const ATTRIBUTES: Readonly<Record<Subjects["kind"], readonly string[]>> = {
  drawings: ["beard", "hair_color", "bangs", "lipstick", "eyeglasses", "smile"],
  photos: ["beard", "blond_hair", "tan_skin", "red_lipstick", "sunglasses", "smile"],
};

type MaskOf = (region: Uint8Array, side: number, seed: number) => Uint8Array;

/** The four masks of Figure 12 in its order; PASL's is located by the product itself. */
const MASKS: Readonly<Record<string, MaskOf | undefined>> = {
  precise: (region) => region,
  PASL: undefined,
  "noise and scatter": scatter,
  "very coarse": coarse,
};

/** Four masks, one inversion: room for one case is enough. */
const ONE_CASE = { bytes: 128 * 2 ** 20, ageMs: 600_000 };

async function run(bench: Bench, attributes: readonly string[]): Promise<StudyReport> {
  const { model, subjects, perAttribute } = bench;
  const side = model.manifest.resolution;
  const cases = attributes.flatMap((attribute) => subjects.cases(attribute, perAttribute));
  bench.expect(cases.length * Object.keys(MASKS).length);
  const cache = new InversionCache(ONE_CASE);
  const found = new Map<string, Judged[]>(Object.keys(MASKS).map((name) => [name, []]));
  const sheet = new Map<string, { title: string; panels: Uint8Array[] }>();
  for (const { edit, seed, open } of cases) {
    const opened = await open();
    const { region, touched = region, source, truth } = opened.drawn;
    const panels = [source];
    for (const [name, maskOf] of Object.entries(MASKS)) {
      const edited = await ask(model, edit, opened.drawn, {
        schedule: bench.schedule(edit.attribute),
        inversion: { cache, scope: `${edit.attribute} ${caseName(edit)}` },
        ...(maskOf && { mask: maskOf(touched, side, seed) }),
      });
      found.get(name)?.push(await opened.judge(edited));
      panels.push(greyPicture(edited.mask), edited.picture);
      bench.tick(`${edit.attribute}, ${name}`);
    }
    // One row an attribute: its first case.
    if (!sheet.has(edit.attribute))
      sheet.set(edit.attribute, {
        title: `${caseName(edit)} ${edit.targetPrompt}`,
        panels: [...panels, truth],
      });
  }
  const names = namesOf(bench);
  const [first = []] = found.values();
  const rows = new Map([
    ["do nothing", rowFigures(first, "do_nothing", names)],
    ["autoencoder only", rowFigures(first, "autoencoder_only", names)],
    ...[...found].map(([name, edits]) => [name, rowFigures(edits, "edited", names)] as const),
    ["truth", rowFigures(first, "truth", names)],
  ]);
  return {
    title: "Robustness to the mask (A.4, Figure 12)",
    ...tableOf(rows),
    notes: [
      `edits: ${attributes.join(", ")}; a coarse mask of all hair is the whole picture`,
      "outside, inside and distance are of the true region, whatever mask the edit was given",
      "mask IoU and Dice are of the mask after feathering, against the true region",
    ],
    figures: { rows: Object.fromEntries(rows) },
    sheet: {
      heads: ["source", ...Object.keys(MASKS).flatMap((name) => [name, "edited"]), "truth"],
      rows: [...sheet.values()],
    },
  };
}

export function maskRobustnessStudy(attributes?: readonly string[]): Study {
  return {
    name: "mask-robustness",
    of: ["drawings", "photos"],
    about: "the same edits with a precise mask, PASL's, a noisy and a very coarse one (A.4, Figure 12)",
    run: (bench) => run(bench, attributes ?? ATTRIBUTES[bench.subjects.kind]),
  };
}
