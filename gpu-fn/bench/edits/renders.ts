import { unionOf } from "../../src/image/grey.ts";
import type { Model } from "../../src/model/model.ts";
import { RENDERER_VERSION, renderPortrait, renderRegion } from "../../training/text2mask/render.ts";
import { type CasePictures, drawCase, type EditCase, editCases } from "./cases.ts";
import { type Judges, openCase } from "./judge-edits.ts";
import { pngOf } from "./studies/ask.ts";
import { type SeveralCase, severalCases } from "./studies/several-cases.ts";
import type { SeveralSubject, Subject, Subjects } from "./subjects.ts";

/** Held-out renders: portrait i is seed + i. */
export function renders(model: Model, judges: Judges, seed: number): Subjects {
  const side = model.manifest.resolution;
  const subject = (edit: EditCase): Subject => ({
    edit,
    seed: edit.seed,
    open: async (given = (drawn) => drawn) =>
      openCase(model, judges, edit, given(await drawCase(edit, side))),
  });
  const several = ({ steps, prompt, locate, sourcePrompt }: SeveralCase): SeveralSubject => {
    const [first, last] = [steps[0] as EditCase, steps.at(-1) as EditCase];
    const together = { ...first, targetPrompt: prompt, locate, sourcePrompt };
    const drawing = drawSeveral(steps, side);
    return {
      steps,
      together,
      open: async (step) =>
        openCase(
          model,
          judges,
          { ...(step as EditCase), targetPrompt: prompt, before: first.before, after: last.after },
          await drawing,
        ),
    };
  };
  return {
    kind: "drawings",
    renderer: RENDERER_VERSION,
    cases: (attribute, count) => editCases(attribute, seed, count).map(subject),
    several: (names, count) => severalCases(names, seed, count).map(several),
  };
}

/** Source and truth of all changes together, and the union of their regions. */
async function drawSeveral(steps: readonly EditCase[], side: number): Promise<CasePictures> {
  const [first, last] = [steps[0] as EditCase, steps.at(-1) as EditCase];
  const source = await renderPortrait(first.before, side);
  const regions = await Promise.all(steps.map(({ region }) => renderRegion(first.before, region, side)));
  return {
    source,
    truth: await renderPortrait(last.after, side),
    region: unite(regions, side),
    file: await pngOf(source),
  };
}

/** The larger of each pixel's coverages. */
export const unite = (masks: readonly Uint8Array[], side: number): Uint8Array =>
  masks.map((data) => ({ width: side, height: side, data })).reduce(unionOf).data;
