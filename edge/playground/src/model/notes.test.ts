import { describe, expect, it } from "vitest";
import { blocking, notesOf } from "./notes.ts";
import type { Photo } from "./photo.ts";
import { reduce } from "./reduce.ts";
import { type Action, opening, type State } from "./state.ts";

const photo: Photo = {
  session: "s",
  name: "a.jpg",
  example: null,
  url: "blob:1",
  blob: new Blob(),
  kind: "photograph",
  width: 5000,
  height: 4000,
  original: { width: 10_000, height: 8_000 },
  image: "img_1",
};

const mini = { id: "mini", resolution: 128, domain: { drawings: "good", photographs: "weak" } } as const;

const following = (...actions: Action[]) => actions.reduce<State>(reduce, opening());
const shown: Action = { type: "photo", photo, subject: null };

describe("what is to know before an edit", () => {
  it("is that a large photo was made smaller, and that the model is not good at photographs", () => {
    const notes = notesOf(following({ type: "model", model: mini }, shown));
    expect(notes[0]).toContain("10000 × 8000 → 5000 × 4000");
    expect(notes[1]).toMatch(/a photograph.*mini.*roughly/);
  });

  it("is nothing where nothing is known against it", () => {
    const drawing: Action = {
      type: "photo",
      photo: { ...photo, kind: "drawing", original: null },
      subject: null,
    };
    expect(notesOf(following({ type: "model", model: mini }, drawing))).toEqual([]);
    const unmeasured = { ...mini, domain: { drawings: "unmeasured", photographs: "unmeasured" } } as const;
    expect(notesOf(following({ type: "model", model: unmeasured }, shown))).toHaveLength(1);
  });

  it("is how many faces there are, and which words find nothing", () => {
    const face = { left: 0, top: 0, width: 9, height: 9 };
    const regions = [
      { prompt: "wearing glasses", coverage: 0.1 },
      { prompt: "with a hat", coverage: 0 },
    ];
    const located = { url: "/m", coverage: 0.1, regions };
    const notes = notesOf(following(shown, { type: "located", located, faces: [face, face] }));
    expect(notes.slice(1)).toEqual([
      expect.stringMatching(/^2 faces/),
      expect.stringMatching(/“with a hat”/),
    ]);
  });

  it("stops an edit without a region, and not one whose region is painted", () => {
    const fault = { title: "No face", advice: "", retry: false };
    const state = following(shown, { type: "unlocated", fault });
    expect(blocking(state)).toBe(fault);
    const stroke = { mode: "add", radius: 0.05, points: [{ x: 0.5, y: 0.5 }] } as const;
    expect(blocking(reduce(state, { type: "stroke", stroke }))).toBeNull();
  });
});
