import { expect, test } from "vitest";
import { EDIT_ATTRIBUTES, portrait } from "../../training/text2mask/render.ts";
import { ATTRIBUTE_SETS, CELEBA_ATTRIBUTES, LABELS, preservedLabels } from "./attributes.ts";

const people = Array.from({ length: 300 }, (_, i) => portrait(8000 + i));

test("CelebA's 24 are edits of the renderer and labels of the classifier", () => {
  expect(new Set(CELEBA_ATTRIBUTES).size).toBe(24);
  for (const name of ATTRIBUTE_SETS.all ?? []) {
    expect(EDIT_ATTRIBUTES[name], name).toBeDefined();
    if (name !== "hair_color") expect(LABELS[name], name).toBeDefined();
  }
});

test("an edit's own label is no before and yes after it, wherever it can be seen", () => {
  for (const name of CELEBA_ATTRIBUTES) {
    const edit = EDIT_ATTRIBUTES[name];
    let judged = 0;
    for (const a of people) {
      if (!edit?.applicable(a)) continue;
      const [before, after] = [LABELS[name]?.(a), LABELS[name]?.(edit.apply(a))];
      if (before === undefined || after === undefined) continue;
      // Dark brown hair reads as brown, and sunglasses as eyeglasses: edits apart, one answer for the classifier.
      if (!["brown_hair", "eyeglasses"].includes(name)) expect(before, `${name} ${a.seed}`).toBe(false);
      expect(after, `${name} ${a.seed}`).toBe(true);
      judged++;
    }
    expect(judged, name).toBeGreaterThan(20);
  }
});

test("an edit must leave alone what its counterfactual leaves alone, with the source's labels", () => {
  for (const a of people.slice(0, 100)) {
    const kept = preservedLabels(a, { ...a, beard: a.beard === "full" ? "none" : "full" });
    expect(kept.has("beard")).toBe(false);
    expect(kept.get("smile")).toBe(a.expression === "smile");
    expect(kept.has("sunglasses")).toBe(true);
    expect(kept.has("double_chin")).toBe(false);
  }
});
