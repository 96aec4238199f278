import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partFiles } from "../../src/manifest/files.ts";
import { type Manifest, readManifest } from "../../src/manifest/manifest.ts";
import { paslOf } from "../../src/manifest/pasl-part.ts";
import { openTokenizer } from "../../src/manifest/tokenizer.ts";
import { openClip } from "../../src/model/clip.ts";
import { openPasl } from "../../src/model/pasl.ts";
import { openWeights } from "../../src/safetensors/safetensors.ts";
import { WORDINGS } from "../text2mask/wordings.ts";
import { alignPasl } from "./align.ts";
import { applied, matrix, momentsOf, ridge } from "./ridge.ts";

const MODELS = join(import.meta.dirname, "../../models");

describe("ridge", () => {
  const x = matrix(40, 3, (row, column) => Math.sin(7 * row * (column + 1)) + column);
  const y = matrix(40, 2, (row, column) => {
    const [a = 0, b = 0, c = 0] = x.data.subarray(3 * row, 3 * row + 3);
    return column === 0 ? 2 * a - b + 0.5 : a + 3 * c - 4;
  });

  test("finds the map that the targets were made by", async () => {
    const { weight, bias } = ridge(await momentsOf(x, y), 1e-9);
    [2, -1, 0, 1, 0, 3].forEach((value, i) => {
      expect(weight.data[i]).toBeCloseTo(value, 4);
    });
    expect([...bias].map((value) => Number(value.toFixed(3)))).toEqual([0.5, -4]);
    (await applied({ weight, bias }, x)).data.forEach((value, i) => {
      expect(value).toBeCloseTo(y.data[i] as number, 4);
    });
  });

  test("a higher penalty keeps the weights smaller; a high one leaves the mean", async () => {
    const moments = await momentsOf(x, y);
    const size = (penalty: number) => Math.hypot(...ridge(moments, penalty).weight.data);
    expect(size(10)).toBeLessThan(size(0.1));
    const { weight, bias } = ridge(moments, 1e9);
    const first = (await applied({ weight, bias }, x)).data[0] as number;
    expect(first).toBeCloseTo(
      y.data.filter((_, i) => i % 2 === 0).reduce((sum, value) => sum + value / 40, 0),
      3,
    );
  });
});

describe("a model whose CLIP is the shipped text tower", () => {
  const folder = mkdtempSync(join(tmpdir(), "flux-align-"));
  let manifest: Manifest;
  beforeAll(async () => {
    const dev = await readManifest(join(MODELS, "flux-dev/manifest.json"));
    const { clip } = await readManifest(join(MODELS, "mini/manifest.json"));
    for (const file of [...clip.files, clip.tokenizer])
      cpSync(join(MODELS, "mini", file), join(folder, file));
    manifest = { ...dev, clip, folder };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("reads by its own CLIP once it is aligned, and finds what the shipped PASL finds", {
    timeout: 240_000,
  }, async () => {
    const shipped = paslOf(manifest);
    expect(shipped.text).toBeDefined();
    const learnt = WORDINGS.flatMap(({ train }, region) =>
      train.slice(0, 80).map((text, i) => ({ text, phrase: 10 * region + Math.floor(i / 8) })),
    );
    const unseen = WORDINGS.map(({ heldOut }) => heldOut[0] as string);
    let seen = 0;
    const { likeness } = await alignPasl({ manifest, learnt, unseen, progress: (texts) => (seen += texts) });
    expect(likeness).toBeGreaterThan(0.99);
    expect(seen).toBe(2 * (learnt.length + unseen.length));

    const aligned = paslOf(manifest);
    expect([aligned.folder, aligned.text, aligned.config.text_hidden]).toEqual([folder, undefined, 1024]);
    const picture = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i / 40));
    const clip = await openClip(openWeights(...partFiles(manifest, manifest.clip)), manifest.clip.config);
    const ids = {
      endTokenId: manifest.clip.config.eos_token_id,
      padTokenId: manifest.clip.config.pad_token_id,
    };
    const tokenize = await openTokenizer(join(folder, manifest.clip.tokenizer), { length: 32, ...ids });
    const { textEmbeds = new Float32Array() } = await clip.encode(unseen.map(tokenize));
    const [old, own] = await Promise.all(
      [shipped, aligned].map(async (part) => {
        const pasl = await openPasl(openWeights(...partFiles(part, part)), part.config);
        const { masks } = await pasl.locate(await pasl.imageFeatures(picture, 64, 64), textEmbeds);
        await pasl.release();
        return masks;
      }),
    );
    await clip.release();
    const off = old?.map((value, i) => Math.abs(value - (own?.[i] as number))) ?? [];
    expect(off.length).toBeGreaterThan(0);
    expect([...off].reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(0.02);
  });

  test("refuses a model with its own PASL", async () => {
    const mini = await readManifest(join(MODELS, "mini/manifest.json"));
    const task = { manifest: mini, learnt: [], unseen: [], progress: () => {} };
    await expect(alignPasl(task)).rejects.toThrow("does not use the PASL that ships");
  });
});
