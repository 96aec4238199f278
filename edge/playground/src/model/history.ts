import type { Wanted } from "./attributes.ts";
import type { MaskSettings } from "./mask.ts";
import type { Plan } from "./schedule-choice.ts";
import type { Stroke } from "./strokes.ts";

/** All that an edit was asked for: enough to ask for it again. */
export interface Recipe {
  readonly wanted: Wanted;
  readonly plan: Plan;
  readonly mask: MaskSettings;
  readonly strokes: readonly Stroke[];
  /** Which face of several; null: as the API chooses. */
  readonly face: number | null;
}

/** What came of it. */
export interface Outcome {
  /** The picture, held by the page: signed addresses end after an hour. */
  readonly url: string;
  readonly blob: Blob;
  readonly type: string;
  readonly coverage: number | null;
  /** How the words were read, and what of them was left out: a sentence each. */
  readonly notes: readonly string[];
  /** What was done, for who wants to know: names and values. */
  readonly details: readonly (readonly [name: string, value: string])[];
}

export interface Version {
  readonly id: string;
  /** The version it goes on from; null: the photo itself. */
  readonly parent: string | null;
  readonly recipe: Recipe;
  readonly outcome: Outcome;
}

/**
 * All versions of one photo, a tree in the order of their making. Every version is an edit of the photo itself with all
 * attributes of its branch: no loss adds up along it.
 */
export interface History {
  readonly versions: readonly Version[];
  /** The version that is shown; null: the photo. */
  readonly at: string | null;
  /** Where undo came from, for redo, the nearest last. */
  readonly undone: readonly string[];
}

export const EMPTY: History = { versions: [], at: null, undone: [] };

export const versionAt = ({ versions, at }: History) => versions.find(({ id }) => id === at) ?? null;

/** Whether this was asked for already by the version shown: the same again makes the same picture. */
export function isMade(history: History, recipe: Recipe): boolean {
  const shown = versionAt(history);
  return shown !== null && JSON.stringify(shown.recipe) === JSON.stringify(recipe);
}

/** Adds a version below the one shown when it was asked for, and shows it. */
export function grow({ versions }: History, version: Version): History {
  return { versions: [...versions, version], at: version.id, undone: [] };
}

export function undo({ versions, at, undone }: History): History {
  const shown = versions.find(({ id }) => id === at);
  return shown === undefined
    ? { versions, at, undone }
    : { versions, at: shown.parent, undone: [...undone, shown.id] };
}

export function redo({ versions, at, undone }: History): History {
  const next = undone.at(-1);
  return next === undefined ? { versions, at, undone } : { versions, at: next, undone: undone.slice(0, -1) };
}

export function choose({ versions }: History, at: string | null): History {
  return { versions, at, undone: [] };
}

export interface Row {
  readonly version: Version;
  /** Branches to the left of it. */
  readonly depth: number;
  /** What it adds to its parent; all it has where it leaves something out. */
  readonly label: string;
}

/** The tree as rows, each below its parent: only where a version has several successors do they move in. */
export function rowsOf({ versions }: History): Row[] {
  const below = (parent: string | null, depth: number): Row[] => {
    const children = versions.filter((version) => version.parent === parent);
    const inner = depth + (children.length > 1 ? 1 : 0);
    return children.flatMap((version) => [
      { version, depth: inner, label: labelOf(version, versions) },
      ...below(version.id, inner),
    ]);
  };
  return below(null, 0);
}

function labelOf({ parent, recipe }: Version, versions: readonly Version[]): string {
  const before = versions.find(({ id }) => id === parent)?.recipe.wanted.attributes ?? [];
  const { attributes } = recipe.wanted;
  const added = attributes.filter((attribute) => !before.includes(attribute));
  const chained = before.length > 0 && before.every((attribute) => attributes.includes(attribute));
  if (added.length === 0) return chained ? "the same, again" : attributes.join(", ");
  return chained ? `+ ${added.join(", ")}` : attributes.join(", ");
}
