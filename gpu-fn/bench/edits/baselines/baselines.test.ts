// The editors on the embedded model itself.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readManifest } from "../../../src/manifest/manifest.ts";
import { type Model, openModel } from "../../../src/model/model.ts";
import { type CasePictures, drawCase, type EditCase, editCases } from "../cases.ts";
import type { Editor } from "../editor.ts";
import { throughAutoencoder } from "../judge-edits.ts";
import { baselines } from "./baselines.ts";
import { guidanceFor } from "./latent-editor.ts";
import { type BaselineSettings, type Guidance, SETTINGS } from "./settings.ts";

const MINI = join(import.meta.dirname, "../../../models/mini/manifest.json");

let model: Model;
let edit: EditCase;
let drawn: CasePictures;

beforeAll(async () => {
  model = await openModel(await readManifest(MINI));
  edit = editCases("eyeglasses", 99_100, 1)[0] as EditCase;
  drawn = await drawCase(edit, model.manifest.resolution);
});
afterAll(() => model.release());

const few = { steps: 3, guidance: { method: "distilled" } } as const;

const baseline = (name: string, settings: Partial<BaselineSettings>) =>
  baselines(model, settings).find((editor) => editor.name === name) as Editor;

test("each baseline edits the case in its own way and shows the autoencoder's picture beside", async () => {
  const nothing = await throughAutoencoder(model, drawn.file);
  const editors = baselines(model, few);
  expect(editors.map(({ name }) => name)).toEqual(["RF-Inversion", "RF-Edit", "FlowEdit", "MasaCtrl"]);
  const pictures = new Set<string>();
  for (const editor of editors) {
    const { picture, reconstructed, mask } = await editor.edit(edit, drawn);
    expect(reconstructed, editor.name).toEqual(nothing);
    expect(mask).toBeUndefined();
    expect(picture, editor.name).toHaveLength(nothing.length);
    expect(picture, editor.name).not.toEqual(nothing);
    pictures.add(Buffer.from(picture).toString("base64"));
  }
  expect(pictures.size).toBe(editors.length);
});

test("FlowEdit from a prompt to itself is the autoencoder's picture, byte for byte", async () => {
  const settings = { ...few, guidance: { scale: 1 }, flowEdit: { ...SETTINGS.flowEdit, sourceGuidance: 1 } };
  const same = { ...edit, targetPrompt: edit.sourcePrompt };
  const { picture, reconstructed } = await baseline("FlowEdit", settings).edit(same, drawn);
  expect(picture).toEqual(reconstructed);
});

test("sharing the source's attention keeps the picture nearer to the photo than the plain edit", async () => {
  const farness = async (name: string, settings: Partial<BaselineSettings>) => {
    const { picture } = await baseline(name, { ...few, ...settings }).edit(edit, drawn);
    return picture.reduce((sum, value, i) => sum + (value - (drawn.source[i] as number)) ** 2, 0);
  };
  const plain = await farness("RF-Edit", { rfEdit: { inject: 0 } });
  expect(await farness("RF-Edit", { rfEdit: { inject: 1 } })).toBeLessThan(plain);
  expect(await farness("MasaCtrl", { masaCtrl: { start: 0, blocks: 2 } })).toBeLessThan(plain);
});

test("guidance: the settings', else the model's", () => {
  const { edit: scale, method } = model.manifest.defaults.guidance;
  const asked = (guidance: Partial<Guidance>) => guidanceFor(model, { ...SETTINGS, guidance });
  expect(asked({})).toEqual({ scale, method });
  expect(asked({ scale: scale + 1 })).toEqual({ scale: scale + 1, method });
  expect(asked({ method: "true" })).toEqual({ scale, method: "true" });
});
