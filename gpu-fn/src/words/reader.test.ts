import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { attributesOf } from "../../../shared/attributes.ts";
import { InputError } from "../errors.ts";
import { readManifest } from "../manifest/manifest.ts";
import { contentOf, phraseWithin } from "./content.ts";
import { nearestTaught } from "./nearest.ts";
import { readRequest } from "./reader.ts";
import { inOwnWords } from "./synonyms.ts";
import { openTaught, type Taught } from "./taught.ts";
import { isTaught } from "./taught-words.ts";
import { editDistance } from "./typos.ts";
import { wordsOf } from "./vocabulary.ts";

let taught: Taught;

/** A use of each kind of synonym. */
const SYNONYMOUS =
  "a shaved head;grey hair;silver hair;spectacles;shades;make-up that is heavy;bushy brows;green irises;a blue eye color;a fringe;a grin;grinning;cheerful;crying;eye bags;dark rings under the eyes;a chestnut beard;copper hair;platinum hair;raven hair;amber eyes;jade eyes;sapphire eyes;scarlet lipstick;burgundy lips;plum hair;ebony skin;sunburnt skin;light skin;porcelain skin;flushed cheeks;longer hair;darker skin;lighter skin;shaggy eyebrows;sparse eyebrows;plump lips;a huge nose;a sharp nose;huge eyes;narrow eyes;shut eyes;a thick beard;a wide smile;dramatic makeup;subtle makeup;a narrow face".split(
    ";",
  );

/** Replaces the sentence encoder, which `meaning.test.ts` tests. */
const MEANINGS: Readonly<Record<string, string>> = {
  "un hombre con gafas": "wearing glasses",
  barba: "with a beard",
  gafas: "wearing glasses",
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
    ["remove the glases", "a woman without glasses"],
    ["no baerd", "a woman without a beard"],
    ["make her glasses disappear", "a woman without glasses"],
    ["stop smiling", "a woman with a neutral expression"],
    ["he no longer wears glasses", "a woman without glasses"],
    ["she should not wear glasses", "a woman without glasses"],
    ["a man with no glasses but with a hat", "a man without glasses, with a hat"],
    ["remove the background and add glasses", "add glasses"],
    ["a person who is not smiling", "a person with a neutral expression"],
  ])("%s → %s", async (prompt, words) => {
    const { prompt: said, readAs } = await read(prompt, "a woman.");
    expect(said).toBe(words);
    expect(readAs).toBe(words === prompt ? null : words);
  });

  test.each([
    ["remove the glasses", "glasses"],
    ["a woman without sunglasses", "glasses"],
    ["no beard", "beard"],
    ["shave off his mustache", "beard"],
    ["remove the glasses and the beard", undefined],
    ["glasses and no beard", undefined],
    ["remove the double chin", undefined],
    ["wearing glasses", undefined],
  ])("%s asks whether there is a thing to remove: %s", async (prompt, thing) =>
    expect((await read(prompt)).removal?.thing).toBe(thing),
  );

  test.each(["remove her", "remove the background", "get rid of the tattoo", "no idea"])(
    "what no face has is left out by name: %s",
    async (prompt) => {
      await expect(read(prompt)).rejects.toThrow(
        `nothing to change: "${prompt}" was left out: this model was`,
      );
      expect(await read(`${prompt}, wearing glasses`)).toMatchObject({
        readAs: "wearing glasses",
        warnings: [expect.stringContaining(`"${prompt}" was left out`)],
      });
    },
  );

  test("of several things to remove, those that no face has are left out", async () =>
    expect(await read("remove the glasses and the background")).toMatchObject({
      prompt: "a person without glasses",
      warnings: [expect.stringContaining('"background" was left out')],
      removal: { thing: "glasses" },
    }));

  test("this also holds for a model that knows the language, which keeps all other words", async () => {
    const asked = (prompt: string, masked = false) =>
      readRequest({ prompt, locate: [prompt] }, { source: "a man", masked }, null);
    expect(await asked("remove the glasses")).toMatchObject({ prompt: "a man without glasses" });
    await expect(asked("remove the background")).rejects.toThrow("names no region of a face; send a mask");
    expect(await asked("remove the background", true)).toMatchObject({ prompt: "a man without background" });
    expect(await asked("a queen of hearts")).toMatchObject({ prompt: "a queen of hearts", readAs: null });
    await expect(asked("женщина в очках")).rejects.toThrow("this model reads English, in Latin letters");
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

  test.each(["a woman with a mustache", "an old happy man", "a bald man", "make her hair blond", "a man"])(
    "%s",
    async (prompt) => expect(await read(prompt)).toMatchObject({ prompt, readAs: null, warnings: [] }),
  );

  test.each([
    ["a woman with a moustache", "a woman with a mustache"],
    ["crimson lips", "a person with red lips"],
    ["a man with hazel irises", "a man with brown eyes"],
    ["make her a brunette", "a person with brown hair"],
    ["a redhead", "a person with red hair"],
    ["thick eyebrows", "a person with bushy eyebrows"],
    ["auburn hair", "a person with brown hair"],
  ])("%s means %s", async (prompt, words) =>
    expect(await read(prompt)).toMatchObject({ readAs: words, warnings: [], familiar: true }),
  );

  test("every synonym stands for taught words", () => {
    for (const text of SYNONYMOUS) {
      const content = contentOf(inOwnWords(text));
      expect(inOwnWords(text), text).not.toBe(text);
      expect(isTaught(content, taught.vocabulary), text).toBe(true);
      expect(phraseWithin(content, taught.vocabulary), text).not.toBeNull();
    }
  });
});

test("words are familiar if the transformer was trained to draw what they say", async () => {
  expect(await read("a young woman wearing round glasses and red lipstick")).toMatchObject({
    familiar: true,
  });
  expect(await read("a woman with a red nose")).toMatchObject({ familiar: false, readAs: null });
});

describe("words the model was not taught", () => {
  test.each([
    ["Gucci glasses", "a person wearing glasses", '"Gucci" was left out'],
    ["polka-dot lipstick", "a person wearing lipstick", '"polka-dot" was left out'],
    ["a woman wearing Harry Potter glasses", "a woman wearing glasses", '"Harry Potter" was left out'],
    ["a kid-friendly smile", "a person with a smile", '"kid-friendly" was left out'],
    ["a man with a lumberjack beard", "a man with a beard", '"lumberjack" was left out'],
    ["a happy wizard", "a happy person", '"wizard" was left out'],
    ["glasses from the optician", "a person wearing glasses", '"optician" was left out'],
    [
      "neon round glasses with rhinestones",
      "a person wearing round glasses",
      '"neon" and "rhinestones" were left out',
    ],
  ])("are left out by name, and the rest is read: %s", async (prompt, words, warning) => {
    const { readAs, warnings, familiar } = await read(prompt);
    expect({ readAs, familiar }).toEqual({ readAs: words, familiar: true });
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });

  test.each([
    ["clown nose", "clown nose"],
    ["a man with a clown nose", "with a clown nose"],
    ["dragon eyes", "dragon eyes"],
    ["a surprised expression", "a surprised expression"],
    ["hair that is not blond", "hair that is not blond"],
    ["change the background to a beach", "change the background to a beach"],
    ["a woman at the beach", "at the beach"],
    ["a red car", "a red car"],
    ["quantum flux", "quantum flux"],
  ])("are refused by name if nothing is left: %s", async (prompt, named) =>
    expect(read(prompt)).rejects.toThrow(`"${named}" was left out: this model was `),
  );

  test("a request in another language is read whole, whatever words it shares with English", async () => {
    const german: Taught["meaning"] = async () => (clause) =>
      /Brille/.test(clause) ? "wearing glasses" : null;
    const readGerman = async (prompt: string) =>
      readRequest(
        { prompt, locate: [prompt] },
        { source: "a man", masked: false },
        { ...taught, meaning: german },
      );
    expect(await readGerman("eine Frau hat eine Brille")).toMatchObject({ readAs: "a man wearing glasses" });
    expect(await readGerman("ohne Brille")).toMatchObject({
      readAs: "a man without glasses",
      removal: { thing: "glasses" },
    });
    expect(await readGerman("die Brille entfernen")).toMatchObject({ readAs: "a man without glasses" });
  });

  test("without the sentence encoder, what is in another language says what it lacks", async () => {
    for (const prompt of ["眼鏡", "lunettes rondes"])
      await expect(
        readRequest(
          { prompt, locate: [prompt] },
          { source: "a man", masked: false },
          { ...taught, meaning: async () => null },
        ),
      ).rejects.toThrow("other languages are read only with the sentence encoder, which npm start fetches");
  });

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
    for (const prompt of ["un hombre con gafas", "a man with gafas", "a gafas person"])
      expect(await read(prompt, "a man")).toMatchObject({
        readAs: expect.stringMatching(/^a (?:man|person) wearing glasses$/),
      });
  });

  test("skin is unchanged unless a tone is named", async () => {
    const { prompt, warnings } = await read("a man wearing glasses, natural skin texture");
    expect(prompt).toBe("a man wearing glasses");
    expect(warnings).toEqual([expect.stringContaining('"natural skin texture" was left out')]);
    await expect(read("smooth skin")).rejects.toThrow("nothing to change");
    expect(await read("a woman with pale skin")).toMatchObject({ readAs: null, warnings: [] });
  });
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
  const long = `a man with a ${"red ".repeat(30)}beard`;
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
