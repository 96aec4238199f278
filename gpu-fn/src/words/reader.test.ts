import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { attributesOf } from "../../../shared/attributes.ts";
import { InputError } from "../errors.ts";
import { readManifest } from "../manifest/manifest.ts";
import { nearestTaught } from "./nearest.ts";
import { readRequest, type Taught } from "./reader.ts";
import { openTaught } from "./taught.ts";
import { editDistance } from "./typos.ts";
import { wordsOf } from "./vocabulary.ts";

let taught: Taught;
/** Replaces the sentence encoder, which `meaning.test.ts` tests. */
const MEANINGS: Readonly<Record<string, string>> = {
  "un hombre con gafas": "wearing glasses",
  barba: "with a beard",
};

beforeAll(async () => {
  const manifest = await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json"));
  const opened = await openTaught(manifest, "/nowhere");
  if (opened === null) throw new Error("the embedded model has no vocabulary");
  taught = { ...opened, meaning: async () => (clause) => MEANINGS[clause] ?? null };
});

const read = (prompt: string, source = "a person.") =>
  readRequest({ prompt, locate: attributesOf(prompt) }, { source, masked: false }, taught);

describe("what should be removed is described as absent", () => {
  test.each([
    ["remove the glasses", "a woman without glasses"],
    ["take off her glasses", "a woman without glasses"],
    ["Please take her glasses off.", "a woman without glasses"],
    ["no glasses", "a woman without glasses"],
    ["woman with glasses removed", "a woman without glasses"],
    ["don't add glasses", "a woman without glasses"],
    ["a man not wearing sunglasses", "a man without glasses"],
    ["an old man who doesn't wear glasses", "an old man without glasses"],
    ["no beard", "a woman without a beard"],
    ["get rid of his mustache", "a woman without a beard"],
    ["glasses and no beard", "a woman wearing glasses, without a beard"],
    ["remove the glasses and the beard", "a woman without glasses, without a beard"],
    ["remove glasses or beard", "a woman without glasses, without a beard"],
    ["remove the double chin", "a woman without double chin"],
    ["a person who is not smiling", "a person who is not smiling"],
  ])("%s → %s", async (prompt, words) => {
    const { prompt: said, readAs } = await read(prompt, "a woman.");
    expect(said).toBe(words);
    expect(readAs).toBe(words === prompt ? null : words);
  });

  test("this also holds for a model that knows the language, which keeps all other words", async () => {
    const asked = (prompt: string, masked = false) =>
      readRequest({ prompt, locate: [prompt] }, { source: "a man", masked }, null);
    expect(await asked("remove the glasses")).toMatchObject({ prompt: "a man without glasses" });
    expect(await asked("a queen of hearts")).toMatchObject({ prompt: "a queen of hearts", readAs: null });
    await expect(asked("a beach at dawn")).rejects.toThrow("names no region of a face; send a mask");
    expect(await asked("a beach at dawn", true)).toMatchObject({
      prompt: "a beach at dawn",
      readAs: null,
      warnings: [],
    });
  });

  test("what should stay is left out, and the rest is kept", async () => {
    const { prompt, warnings } = await read("a man with a beard, keep the glasses");
    expect(prompt).toBe("a man with a beard");
    expect(warnings).toEqual([expect.stringContaining('"keep the glasses" was left out')]);
    await expect(read("don't change her hair")).rejects.toThrow(InputError);
  });
});

describe("words the model was taught are read unchanged", () => {
  test("every taught phrase, alone and after a subject", async () => {
    const { clothing: _, ...onFaces } = taught.vocabulary.phrases;
    for (const phrase of Object.values(onFaces).flat()) {
      const prompt = `a person ${phrase}`;
      const { warnings, locate } = await readRequest(
        { prompt, locate: [prompt] },
        { source: "a person.", masked: false },
        taught,
      );
      expect(warnings, prompt).toEqual([]);
      // a negative phrase takes its one unambiguous form; nothing else changes
      if (!/\b(?:no|not)\b/.test(phrase)) expect(locate, prompt).toEqual([prompt]);
    }
  });

  test.each([
    "a woman with a moustache",
    "crimson lips",
    "a man with hazel irises",
    "an old happy man",
    "a bald man",
  ])("%s", async (prompt) =>
    expect(await read(prompt)).toMatchObject({ prompt, readAs: null, warnings: [] }),
  );
});

test("words that the transformer was not trained with are not familiar", async () => {
  expect(await read("a young woman wearing round glasses and red lipstick")).toMatchObject({
    familiar: true,
  });
  expect(await read("a man with a clown nose")).toMatchObject({ familiar: false, readAs: null });
});

describe("words the model was not taught", () => {
  test("a misspelt word is read as the nearest taught word", async () => {
    expect(await read("a man wearing glases")).toMatchObject({ readAs: "a man wearing glasses" });
    expect(await read("a woman with red lipstik")).toMatchObject({ readAs: "a woman with red lipstick" });
    expect(await read("a man with a baerd and sunglases")).toMatchObject({
      prompt: "a man with a beard and sunglasses",
    });
  });

  test("a thing on its own is attributed to the person", async () => {
    expect(await read("glasses", "a man")).toMatchObject({ readAs: "a man wearing glasses" });
    expect(await read("a beard, red lipstick")).toMatchObject({
      readAs: "a person with a beard, wearing red lipstick",
    });
  });

  test("a phrase in another language is read as the taught phrase with that meaning", async () => {
    expect(await read("un hombre con gafas", "a man")).toMatchObject({ readAs: "a man wearing glasses" });
  });

  test("skin is unchanged unless a tone is named", async () => {
    const { prompt, warnings } = await read("a man wearing glasses, natural skin texture");
    expect(prompt).toBe("a man wearing glasses");
    expect(warnings).toEqual([expect.stringContaining('"natural skin texture" was left out')]);
    await expect(read("smooth skin")).rejects.toThrow("nothing to change");
    expect(await read("a woman with pale skin")).toMatchObject({ readAs: null, warnings: [] });
  });

  test.each(["change the background to a beach", "a woman at the beach", "a red car", "quantum flux"])(
    "%s is refused by name",
    async (prompt) => {
      await expect(read(prompt)).rejects.toThrow(`"${prompt}" was left out: this model was taught`);
    },
  );
});

test("suggests the nearest phrase by letters, else by meaning", async () => {
  const meaning: Taught["meaning"] = async () => (clause, least) =>
    clause === "a clown nose" && least !== undefined && least < 0.6 ? "with a big nose" : null;
  const nearest = (text: string) => nearestTaught(text, { ...taught, meaning });
  expect(await nearest("a man wearing glases")).toBe("wearing glasses");
  expect(await nearest("with red lipstik")).toMatch(/red lipstick$/);
  expect(await nearest("a clown nose")).toBe("with a big nose");
  expect(await nearest("quantum flux")).toBeNull();
  const hinting = { ...taught, meaning: async () => (_: string, least?: number) => (least ? "bald" : null) };
  await expect(
    readRequest({ prompt: "a beach", locate: ["a beach"] }, { source: "a man", masked: false }, hinting),
  ).rejects.toThrow('the nearest that it knows is "bald"');
});

test("the model's last position stays empty: what does not fit is reported or refused", async () => {
  const { prompt, locate, warnings } = await read(
    "a woman with black hair, wearing glasses, with red lipstick, with thick eyebrows, with rosy cheeks, with a wide smile, with a big nose",
  );
  expect(taught.tokens(prompt)).toBeLessThan(32);
  expect(locate).not.toContain("with a big nose");
  expect(warnings).toEqual([
    expect.stringContaining('"with a big nose" was left out: this model reads 31 tokens'),
  ]);
  const long = `a man with a ${"very ".repeat(30)}long beard`;
  await expect(
    readRequest({ prompt: long, locate: [long] }, { source: "a man", masked: false }, taught),
  ).rejects.toThrow("this model reads 31");
});

test("the edit distance counts swapped neighbours as one", () => {
  expect(editDistance("glases", "glasses")).toBe(1);
  expect(editDistance("baerd", "beard")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
  expect(wordsOf("L'homme, 12 ans!")).toEqual(["l", "homme", "12", "ans"]);
});
