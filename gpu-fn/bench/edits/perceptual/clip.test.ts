import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openClipScore } from "./clip.ts";
import { openClipTokens } from "./clip-tokens.ts";
import { channelMeans, plain, scratch, sumOfTokens, writeGraph } from "./tiny-onnx.fixture.ts";

const folder = scratch();

/** CLIP's way of marking a text, over words instead of pieces. */
const WORDS = ["<|startoftext|>", "<|endoftext|>", "<unk>", "a", "man", "smiling"];
const special = (id: number) => ({
  id,
  content: WORDS[id],
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});
const single = [
  { SpecialToken: { id: WORDS[0], type_id: 0 } },
  { Sequence: { id: "A", type_id: 0 } },
  { SpecialToken: { id: WORDS[1], type_id: 0 } },
];
const tokenizer = join(folder, "tokenizer.json");
writeFileSync(
  tokenizer,
  JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [special(0), special(1), special(2)],
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "Whitespace" },
    post_processor: {
      type: "TemplateProcessing",
      single,
      pair: single,
      special_tokens: Object.fromEntries(
        [0, 1].map((id) => [WORDS[id], { id: WORDS[id], ids: [id], tokens: [WORDS[id]] }]),
      ),
    },
    decoder: null,
    model: { type: "WordLevel", vocab: Object.fromEntries(WORDS.map((w, i) => [w, i])), unk_token: "<unk>" },
  }),
);

/** What each word adds to the text's vector; the end of text would add 100 for each padding without the mask. */
const TABLE = [
  [0, 0, 0],
  [0, 0, 100],
  [0, 0, 0],
  [1, 0, 0],
  [2, 0, 0],
  [0, 4, 0],
];
const files = {
  image: channelMeans(folder, "clip-image", 224, "image_embeds"),
  text: sumOfTokens(folder, "clip-text", TABLE),
  tokenizer,
};

// CLIP's mean and deviation of each channel, as OpenAI's preprocessing has them
const MEAN = [0.48145466, 0.4578275, 0.40821073];
const STD = [0.26862954, 0.26130258, 0.27577711];
const seen = (colour: readonly number[]) =>
  colour.map((byte, c) => (byte / 255 - (MEAN[c] as number)) / (STD[c] as number));
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const unit = (v: readonly number[]) => v.map((value) => value / Math.sqrt(dot(v, v)));
const minus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - (b[i] as number));
const cosine = (a: readonly number[], b: readonly number[]) => dot(unit(a), unit(b));

const SOURCE = [200, 40, 90] as const;
const EDITED = [30, 220, 60] as const;
const man = [3, 0, 100];
const smiling = [3, 4, 100];

test("CLIP score and directional score, against the arithmetic done by hand", async () => {
  const metric = await openClipScore(files);
  const found = await metric.measure({
    picture: plain(64, EDITED),
    source: plain(64, SOURCE),
    sourcePrompt: "a man",
    targetPrompt: "A smiling man",
  });
  const [before, after] = [seen(SOURCE), seen(EDITED)];
  expect(found.clip_score).toBeCloseTo(100 * cosine(after, smiling), 2);
  expect(found.clip_directional).toBeCloseTo(
    cosine(minus(unit(after), unit(before)), minus(unit(smiling), unit(man))),
    4,
  );
  await metric.release();
});

test("a source that is left alone has no direction", async () => {
  const metric = await openClipScore(files);
  const source = plain(64, SOURCE);
  const asked = { picture: source, source, sourcePrompt: "a man", targetPrompt: "a smiling man" };
  expect((await metric.measure(asked)).clip_directional).toBeNaN();
  expect((await metric.measure({ ...asked, picture: source.slice() })).clip_directional).toBeNaN();
  await metric.release();
});

test("texts are 77 ids between start and end, padded with the end; a long one loses its tail", async () => {
  const { tokenize } = await openClipTokens(tokenizer, 77);
  const ids = tokenize("a smiling man");
  expect(ids).toHaveLength(77);
  expect(ids.slice(0, 6)).toEqual([0, 3, 5, 4, 1, 1]);
  const long = tokenize("a ".repeat(90));
  expect(long.slice(74)).toEqual([3, 3, 1]);
});

test("files that are not CLIP's are refused in one line", async () => {
  const open = (wrong: Partial<typeof files>) => openClipScore({ ...files, ...wrong });
  const small = channelMeans(folder, "small", 112, "image_embeds");
  await expect(open({ image: small })).rejects.toThrow(
    "small.onnx: expected one input float32 [1,3,224,224], it has pixel_values float32 [1,3,112,112]",
  );
  await expect(open({ image: files.text })).rejects.toThrow("expected one input float32");
  await expect(open({ text: files.image })).rejects.toThrow("expected token ids");
  await expect(open({ image: join(folder, "none.onnx") })).rejects.toThrow("none.onnx");
  const other = join(folder, "other.json");
  writeFileSync(other, JSON.stringify({ model: { type: "WordLevel", vocab: { "[PAD]": 0 } } }));
  await expect(open({ tokenizer: other })).rejects.toThrow("it has no token <|endoftext|>");
  const wide = writeGraph(folder, "wide", (g) => {
    const pixels = g.input("pixel_values", "float", ["batch", 3, 224, 224]);
    const means = g.op("ReduceMean", [pixels, g.ints([2, 3])], { keepdims: 0 });
    g.output("image_embeds", g.op("Concat", [means, means], { axis: 1 }), ["batch", "width"]);
  });
  const metric = await open({ image: wide });
  const picture = plain(8, SOURCE);
  const asked = { picture, source: picture, sourcePrompt: "a man", targetPrompt: "a man" };
  await expect(metric.measure(asked)).rejects.toThrow("not of one CLIP: vectors of 3 and of 6");
  await metric.release();
});
