import { describe, expect, it } from "vitest";
import {
  choose,
  EMPTY,
  grow,
  type History,
  isMade,
  type Recipe,
  redo,
  rowsOf,
  undo,
  type Version,
  versionAt,
} from "./history.ts";
import { MASK_DEFAULTS } from "./mask.ts";
import { PLAN } from "./schedule-choice.ts";

const recipe = (...attributes: string[]): Recipe => ({
  wanted: { subject: "woman", attributes },
  plan: PLAN,
  mask: MASK_DEFAULTS,
  strokes: [],
  face: null,
});

const outcome = {
  url: "blob:",
  blob: new Blob(),
  type: "image/png",
  coverage: 0.1,
  notes: [],
  details: [],
};

/** The history with a version below the one shown. */
function made(history: History, id: string, ...attributes: string[]): History {
  const version: Version = { id, parent: history.at, recipe: recipe(...attributes), outcome };
  return grow(history, version);
}

const chain = made(made(EMPTY, "1", "glasses"), "2", "glasses", "bangs");

describe("the history of a photo", () => {
  it("goes back to the photo and forth again", () => {
    const back = undo(undo(chain));
    expect(back.at).toBeNull();
    expect(undo(back)).toEqual(back);
    expect(redo(redo(back)).at).toBe("2");
    expect(redo(chain)).toEqual(chain);
  });

  it("branches where an earlier version is chosen, and then has nothing to redo", () => {
    const branch = made(choose(chain, "1"), "3", "glasses", "beard");
    expect(versionAt(branch)?.parent).toBe("1");
    expect(branch.undone).toEqual([]);
    expect(branch.versions).toHaveLength(3);
    expect(rowsOf(branch).map(({ version, depth, label }) => [version.id, depth, label])).toEqual([
      ["1", 0, "glasses"],
      ["2", 1, "+ bangs"],
      ["3", 1, "+ beard"],
    ]);
  });

  it("keeps a chain in one column, and tells the whole where something was left out", () => {
    const dropped = made(chain, "3", "bangs");
    expect(rowsOf(dropped).map(({ depth, label }) => [depth, label])).toEqual([
      [0, "glasses"],
      [0, "+ bangs"],
      [0, "bangs"],
    ]);
  });

  it("knows what it has made", () => {
    expect(isMade(chain, recipe("glasses", "bangs"))).toBe(true);
    expect(isMade(chain, { ...recipe("glasses", "bangs"), plan: { ...PLAN, structuring: 1 } })).toBe(false);
    expect(isMade(EMPTY, recipe())).toBe(false);
  });
});
