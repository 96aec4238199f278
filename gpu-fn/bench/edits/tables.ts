import type { Model } from "../../src/model/model.ts";
import { baselines } from "./baselines/baselines.ts";
import type { Editor } from "./editor.ts";
import { methodEditors, presetEditors, type ScheduleFor } from "./editors.ts";
import { FIGURE_T, PUBLISHED, TABLE_3 } from "./variants.ts";

/** Editors to compare on the same cases, this method last. */
export interface Comparison {
  /** One line for `--help`. */
  readonly about: string;
  /** They are compared as delivered, and held against the first. Default: side by side, before the paste. */
  readonly delivered?: true;
  editors(model: Model, scheduleFor: ScheduleFor): readonly Editor[];
}

/** The method as published, and nothing else: without `--table` or `--figure`. */
export const METHOD: Comparison = {
  about: "the method as published",
  editors: (model, scheduleFor) => methodEditors(model, PUBLISHED, scheduleFor),
};

export const TABLES: Readonly<Record<string, Comparison>> = {
  ablation: {
    about: "the rows of the paper's Table 3: each fusion with and without PASL",
    editors: (model, scheduleFor) => methodEditors(model, TABLE_3, scheduleFor),
  },
  removal: {
    about: "attributes drawn on photos, taken away again (with --photos FOLDER/PART)",
    editors: (model, scheduleFor) => methodEditors(model, PUBLISHED, scheduleFor),
  },
  background: {
    about: "every preset, whole and computing its mask alone, as delivered; what each loses against paper",
    delivered: true,
    editors: (model) => [...presetEditors(model), ...presetEditors(model, "background")],
  },
  baselines: {
    about: "RF-Inversion, RF-Edit, FlowEdit and MasaCtrl on the same engine, and the method",
    editors: (model, scheduleFor) => [
      ...baselines(model, baselineSettings(scheduleFor)),
      ...methodEditors(model, PUBLISHED, scheduleFor),
    ],
  },
};

export const FIGURES: Readonly<Record<string, Comparison>> = {
  T: {
    about: "the curves of the paper's Figure 8: each fusion over T",
    editors: (model, scheduleFor) => methodEditors(model, FIGURE_T, scheduleFor),
  },
};

/** The run's steps and guidance for the baselines, too. */
function baselineSettings(scheduleFor: ScheduleFor) {
  const { steps, guidance } = scheduleFor("");
  const { edit: scale, method } = guidance;
  return {
    steps,
    guidance: { ...(scale !== undefined && { scale }), ...(method !== undefined && { method }) },
  };
}
