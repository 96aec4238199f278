import { maskOptionsSchema } from "../../../shared/mask.ts";
import { editPortrait } from "../../src/edit/edit.ts";
import type { Model } from "../../src/model/model.ts";
import type { EditCase } from "../edits/cases.ts";
import type { Judge } from "../edits/judge.ts";
import { openCase } from "../edits/judge-edits.ts";
import type { Entry } from "./grid.ts";
import type { MeasuredStore } from "./store.ts";

/** The parts that measure. */
export interface Measuring {
  readonly model: Model;
  readonly judge: Judge;
  readonly store: MeasuredStore;
  tick(label: string): void;
}

export const subjectOf = ({ attribute, seed }: EditCase) => `${attribute} ${seed}`;

/**
 * Edits every case with every entry, one case at a time, each edit with its own inversion; stored measurements are
 * skipped.
 * @throws Error if an edit took another number of evaluations than its schedule plans
 */
export async function measureFront(
  { model, judge, store, tick }: Measuring,
  cases: readonly EditCase[],
  entries: readonly Entry[],
): Promise<void> {
  for (const edit of cases) {
    const subject = subjectOf(edit);
    const missing = entries.filter(({ name }) => !store.has(name, subject));
    if (missing.length === 0) continue;
    const opened = await openCase(model, { judge }, edit);
    for (const { name, schedule, ablation, evaluations } of missing) {
      const result = await editPortrait(model, {
        photo: { bytes: opened.drawn.file },
        prompt: edit.targetPrompt,
        sourcePrompt: edit.sourcePrompt,
        maskOptions: maskOptionsSchema.parse({}),
        schedule,
        ...(ablation ? { ablation } : {}),
        composite: "paste-back",
      });
      if (result.evaluations !== evaluations)
        throw new Error(`${name}: ${result.evaluations} evaluations, but ${evaluations} were planned`);
      const { decoded, reconstructed, mask, edited } = result;
      const judged = await opened.judge({ picture: decoded, reconstructed, mask, pasted: edited.rgb });
      store.add({ entry: name, subject, judged });
      tick(`${name}: ${edit.attribute}`);
    }
    await store.save();
  }
}
