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
  ["tire os óculos", "a person without glasses"],
  ["usuń okulary", "a person without glasses"],
  ["Entferne die Brille", "a person without glasses"],
  ["nimm die Brille ab", "a person without glasses"],
  ["keine Brille", "a person without glasses"],
  ["elle ne porte pas de lunettes", "a person without glasses"],
  ["не носит очки", "a person without glasses"],
  ["眼鏡をかけていない", "a person without glasses"],
  ["sin sombrero", "a person without hat"],
  ["женщина в очках", "a person wearing glasses"],
  ["Женщина В Очках", "a person wearing glasses"],
  ["мужчина без бороды", "a person without a beard"],
  ["убрать очки", "a person without glasses"],
  ["眼鏡をかけた女性", "a person wearing eyeglasses"],
  ["赤い口紅", "a person with red lipstick"],
  ["眼鏡を外す", "a person without glasses"],
  ["短发", "a person with short hair"],
  ["去掉眼镜", "a person without glasses"],
  ["안경", "a person wearing eyeglasses"],
  ["안경 제거", "a person without glasses"],
  ["امرأة ترتدي نظارات", "a person wearing eyeglasses"],
  ["بدون نظارات", "a person without glasses"],
  ["ผู้หญิงใส่แว่นตา", "a person wearing eyeglasses"],
  ["ถอดแว่นตาออก", "a person without glasses"],
])(
  "%s means %s",
  async (prompt, words) => {
    expect(await read(prompt)).toMatchObject({ readAs: words, warnings: [] });
  },
  120_000,
);

test.each([
  "make me younger",
  "a boxer",
  "la playa",
  "ein Hund",
  "sin pelo rubio",
  "собака",
  "ビーチ",
  "Brille nicht",
  "眼镜不要",
])(
  "%s means nothing taught",
  async (prompt) => {
    await expect(read(prompt)).rejects.toThrow(`"${prompt}" was left out`);
  },
  120_000,
);
