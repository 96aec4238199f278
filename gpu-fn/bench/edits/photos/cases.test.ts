import { expect, test } from "vitest";
import { promptSchema } from "../../../../shared/prompt.ts";
import { REGIONS } from "../../../../shared/regions.ts";
import { PHOTO_ATTRIBUTES, photoAttributesOf } from "./attributes.ts";
import { type Album, photoCases } from "./cases.ts";
import { CELEBA_LABELS } from "./celeba-labels.fixture.ts";

const NAMES = Object.keys(PHOTO_ATTRIBUTES);

/** Photos whose labels are bits of a fixed sequence, the same in every run. */
function album(photos: number, without: (i: number) => boolean = () => false): Album {
  let state = 12_345;
  const bit = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 16) % 3 === 0;
  };
  const rows = Array.from({ length: photos }, (_, i) => `${i}.jpg`);
  return {
    labels: new Map(rows.map((row) => [row, new Map(CELEBA_LABELS.map((name) => [name, bit()]))])),
    files: new Map(rows.flatMap((_, i) => (without(i) ? [] : [[`${i}`, `photos/${i}.png`] as const]))),
  };
}

test("24 attributes, all of them CelebA's, and so is every label that their edits move or that hides them", () => {
  expect(NAMES).toHaveLength(24);
  const regions = new Set<string>();
  for (const [name, { region, target, moves, hiddenBy }] of Object.entries(PHOTO_ATTRIBUTES)) {
    expect(REGIONS).toContain(region);
    regions.add(region);
    for (const label of [name, ...moves, ...hiddenBy]) expect(CELEBA_LABELS, name).toContain(label);
    const [man, woman] = [target("man"), target("woman")];
    expect(promptSchema.parse(woman)).toBe(woman);
    expect(man).toBe(woman.replace("woman", "man"));
  }
  // The eighteenth, pupils, has no label in CelebA.
  expect(regions.size).toBe(17);
});

test("no case has its attribute already, none is hidden, and women alone get what the paper gives them alone", () => {
  const photos = album(900);
  for (const name of NAMES) {
    const { hiddenBy, moves, womenOnly, target } = PHOTO_ATTRIBUTES[
      name
    ] as (typeof PHOTO_ATTRIBUTES)[string];
    const cases = photoCases(photos, name, { first: 1, perAttribute: 40 });
    expect(cases).toHaveLength(40);
    for (const { row, photo, path, sourcePrompt, targetPrompt, preserved } of cases) {
      const labels = photos.labels.get(row);
      for (const label of [name, ...hiddenBy]) expect(labels?.get(label), `${row} ${label}`).toBe(false);
      const who = labels?.get("Male") ? "man" : "woman";
      if (womenOnly) expect(who).toBe("woman");
      expect([sourcePrompt, targetPrompt]).toEqual([`a ${who}.`, target(who)]);
      expect(path).toBe(`photos/${photo}.png`);
      for (const label of CELEBA_LABELS)
        expect(preserved.get(label)).toBe(
          label === name || moves.includes(label) ? undefined : labels?.get(label),
        );
    }
  }
});

test("the first photos from a row on: a later start drops the earlier ones, and rows without a file are passed over", () => {
  const rows = (from: Album, first: number) =>
    photoCases(from, "Eyeglasses", { first, perAttribute: 10 }).map(({ row }) => row);
  const all = rows(album(200), 1);
  const third = Number.parseInt(all[2] as string, 10);
  expect(rows(album(200), third + 1).slice(0, 8)).toEqual(all.slice(2));
  expect(rows(album(200), third + 2)[0]).toBe(all[3]);
  const gone = rows(
    album(200, (i) => `${i}.jpg` === all[0]),
    1,
  );
  expect(gone.slice(0, 9)).toEqual(all.slice(1));
});

test("too few photos, an unknown attribute and labels without Male are refused in one line", () => {
  const range = { first: 1, perAttribute: 30 };
  expect(() => photoCases(album(20), "Bangs", range)).toThrow("30 are wanted");
  expect(() => photoCases(album(20), "Wings", range)).toThrow("no attribute Wings");
  const bare: Album = { ...album(1), labels: new Map([["0.jpg", new Map([["Bangs", false]])]]) };
  expect(() => photoCases(bare, "Bangs", range)).toThrow("the labels have no column Male");
  expect(photoAttributesOf("celeba")).toEqual(NAMES);
  expect(photoAttributesOf("Bangs, Smiling")).toEqual(["Bangs", "Smiling"]);
  expect(() => photoAttributesOf("smile")).toThrow("there is no attribute smile of photos");
});
