import type { Schedule } from "../../../shared/schedule.ts";
import type { Model } from "../../src/model/model.ts";
import type { Judge } from "./judge.ts";
import type { Subjects } from "./subjects.ts";

/** What a study works with. */
export interface Bench {
  readonly model: Model;
  readonly judge: Judge;
  /** The portraits to edit. */
  readonly subjects: Subjects;
  /** The first of the renders to choose from. */
  readonly seed: number;
  readonly perAttribute: number;
  /** The run's schedule for an attribute. */
  schedule(attribute: string): Schedule;
  /** How many units of work are coming; then `tick` after each. */
  expect(units: number): void;
  tick(label: string): void;
}

/** A table of figures, printed as Markdown and kept as JSON. */
export interface StudyReport {
  readonly title: string;
  /** What the columns are, the first for the rows' names. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What has to be said beside the figures. */
  readonly notes: readonly string[];
  /** The unrounded figures. */
  readonly figures: unknown;
  /** Rows of a contact sheet: RGB pictures at the model's resolution under a title. */
  readonly sheet?: {
    readonly heads: readonly string[];
    readonly rows: readonly { readonly title: string; readonly panels: readonly Uint8Array[] }[];
  };
}

/** A question of the paper beside its main tables; `--table NAME` answers it. */
export interface Study {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  /** Whose portraits can answer it; default: drawings. */
  readonly of?: readonly Subjects["kind"][];
  run(bench: Bench): Promise<StudyReport>;
}
