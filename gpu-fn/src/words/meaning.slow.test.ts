// Requests in other languages, by the sentence encoder itself.
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { attributesOf } from "../../../shared/attributes.ts";
import { readManifest } from "../manifest/manifest.ts";
import { fetchModeration, MODERATION_WEIGHTS } from "../moderation/weights.ts";
import { readRequest } from "./reader.ts";
import { openTaught, type Taught } from "./taught.ts";

let taught: Taught | null;

beforeAll(async () => {
  await fetchModeration(MODERATION_WEIGHTS, () => {});
  const manifest = await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json"));
  taught = await openTaught(manifest, MODERATION_WEIGHTS);
}, 300_000);

const read = (prompt: string) =>
  readRequest({ prompt, locate: attributesOf(prompt) }, { source: "a person.", masked: false }, taught);

test.each([
  ["Brille", "a person wearing eyeglasses"],
  ["a man with gafas", "a man wearing eyeglasses"],
  ["eine Frau hat eine Brille", "a person wearing eyeglasses"],
  ["mit Bart", "a person with a beard"],
  ["cheveux blonds", "a blond-haired person"],
  ["occhiali e barba", "a person wearing eyeglasses, a person with a beard"],
  ["sin barba", "a person without a beard"],
  ["un hombre sin barba", "a person without a beard"],
  ["quitar las gafas", "a person without glasses"],
  ["enlever les lunettes", "a person without glasses"],
  ["die Brille entfernen", "a person without glasses"],
])(
  "%s means %s",
  async (prompt, words) => {
    expect(await read(prompt)).toMatchObject({ readAs: words, warnings: [] });
  },
  120_000,
);

test.each(["make me younger", "a boxer", "la playa", "ein Hund"])(
  "%s means nothing taught",
  async (prompt) => {
    await expect(read(prompt)).rejects.toThrow(`"${prompt}" was left out`);
  },
  120_000,
);
