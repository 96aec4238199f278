import { describe, expect, it } from "vitest";
import { MASK_DEFAULTS } from "./mask.ts";
import type { Photo } from "./photo.ts";
import { recipeNow, reduce, wantedNow } from "./reduce.ts";
import { PLAN } from "./schedule-choice.ts";
import { type Action, opening, type State } from "./state.ts";

const photo: Photo = {
  session: "s",
  name: "a.png",
  example: null,
  url: "blob:1",
  blob: new Blob(),
  kind: "photograph",
  width: 512,
  height: 512,
  original: null,
  image: null,
};
const outcome = {
  url: "blob:2",
  blob: new Blob(),
  type: "image/png",
  coverage: 0.1,
  notes: [],
  details: [],
};

const following = (...actions: Action[]) => actions.reduce<State>(reduce, opening());

const chosen: Action[] = [
  { type: "photo", photo, subject: "woman" },
  { type: "uploaded", url: photo.url, image: "img_1" },
];

/** An edit from its start to its picture. */
function edited(state: State, id: string): State {
  const recipe = recipeNow(state);
  return reduce(reduce(state, { type: "run", recipe }), { type: "ran", id, outcome });
}

describe("the page's state", () => {
  it("takes an upload only for the photo that is shown", () => {
    expect(following(...chosen).photo?.image).toBe("img_1");
    const late = following(...chosen, { type: "photo", photo: { ...photo, url: "blob:9" }, subject: null });
    expect(reduce(late, { type: "uploaded", url: "blob:1", image: "img_2" }).photo?.image).toBeNull();
  });

  it("asks for chips and what is typed, each once", () => {
    const state = following(
      { type: "add", subject: null, attributes: ["wearing glasses"] },
      { type: "draft", text: "a man with bangs and wearing glasses" },
    );
    expect(wantedNow(state)).toEqual({ subject: "man", attributes: ["wearing glasses", "with bangs"] });
  });

  it("chains: the next edit has all attributes of the version it goes on from", () => {
    const first = edited(following(...chosen, { type: "add", subject: null, attributes: ["smiling"] }), "1");
    expect(first).toMatchObject({ view: "result", run: null, history: { at: "1" } });
    const second = edited(reduce(first, { type: "add", subject: null, attributes: ["with bangs"] }), "2");
    expect(second.history.versions.at(-1)).toMatchObject({
      parent: "1",
      recipe: { wanted: { subject: "woman", attributes: ["smiling", "with bangs"] } },
    });
    const back = reduce(second, { type: "undo" });
    expect(back.wanted.attributes).toEqual(["smiling"]);
    expect(reduce(back, { type: "redo" }).wanted.attributes).toEqual(["smiling", "with bangs"]);
    expect(reduce(second, { type: "choose", at: null }).wanted).toEqual({ subject: "woman", attributes: [] });
  });

  it("belongs a version to the one that was shown when it was asked for", () => {
    const first = edited(following(...chosen, { type: "add", subject: null, attributes: ["smiling"] }), "1");
    const recipe = { wanted: first.wanted, plan: PLAN, mask: MASK_DEFAULTS, strokes: [], face: null };
    const running = reduce(first, { type: "run", recipe });
    const moved = reduce(running, { type: "choose", at: null });
    expect(reduce(moved, { type: "ran", id: "2", outcome }).history.versions.at(-1)?.parent).toBe("1");
  });

  it("brings strokes and sliders back with a version", () => {
    const stroke = { mode: "add", radius: 0.05, points: [{ x: 0.5, y: 0.5 }] } as const;
    const painted = following(
      ...chosen,
      { type: "add", subject: null, attributes: ["smiling"] },
      { type: "mask", settings: { grow: 0.03 } },
      { type: "stroke", stroke },
    );
    const cleared = [{ type: "restart strokes" }, { type: "mask", settings: { grow: 0 } }] as const;
    const later = cleared.reduce<State>(reduce, edited(painted, "1"));
    expect(later.strokes).toEqual([]);
    const again = reduce(later, { type: "choose", at: "1" });
    expect(again.strokes).toEqual([stroke]);
    expect(again.region.settings.grow).toBe(0.03);
  });

  it("forgets everything of a photo but the words when another one comes", () => {
    const state = edited(following(...chosen, { type: "add", subject: null, attributes: ["smiling"] }), "1");
    const next = reduce(state, { type: "photo", photo: { ...photo, url: "blob:9" }, subject: null });
    expect(next).toMatchObject({ history: { versions: [], at: null }, strokes: [], view: "region" });
    expect(next.wanted.attributes).toEqual(["smiling"]);
  });

  it("edits the chosen face with its own region, until another photo comes", () => {
    const faces = [1, 2].map((left) => ({ left, top: 0, width: 9, height: 9 }));
    const stroke = { mode: "add", radius: 0.05, points: [{ x: 0.5, y: 0.5 }] } as const;
    const state = following(
      ...chosen,
      { type: "located", located: null, faces },
      { type: "stroke", stroke },
      { type: "face", face: 1 },
    );
    expect(recipeNow(state)).toMatchObject({ face: 1, strokes: [] });
    const next = reduce(state, { type: "photo", photo: { ...photo, url: "blob:9" }, subject: null });
    expect(next.region).toMatchObject({ faces: [], face: null });
  });

  it("comes back from what was kept, at the version that is asked for", () => {
    const first = edited(following(...chosen, { type: "add", subject: null, attributes: ["smiling"] }), "1");
    const more = reduce(first, { type: "add", subject: null, attributes: ["with bangs"] });
    const second = edited(more, "2");
    const kept = { photo, history: second.history, recipe: recipeNow(second) };
    const restored = following({ type: "restore", kept, at: "2" });
    expect(restored).toMatchObject({ photo, history: second.history, view: "result" });
    expect(recipeNow(restored)).toEqual(recipeNow(second));
    const earlier = following({ type: "restore", kept, at: "1" });
    expect(earlier.history.at).toBe("1");
    expect(earlier.wanted.attributes).toEqual(["smiling"]);
  });

  it("drops news of a run that is over", () => {
    const state = following(...chosen);
    expect(reduce(state, { type: "running", news: { fraction: 0.5 } })).toBe(state);
    expect(reduce(state, { type: "ran", id: "1", outcome })).toBe(state);
  });
});
