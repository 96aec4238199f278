import { toModel, wholeOf } from "../../../src/image/crop.ts";
import { portrait, renderPortrait, renderRegions } from "../../../training/text2mask/render.ts";
import type { Bench, Study } from "../study.ts";
import { type Located, openSetReport } from "./open-set-table.ts";
import { openPaslParts, type PaslParts } from "./pasl-parts.ts";
import { diceOfRegions, isBestMatch, trueRegions } from "./region-dice.ts";
import { regionIndex, VOCABULARY, type Wording } from "./vocabulary.ts";

/** Texts of one pass through the text tower, and of one product with a portrait's features. */
const TEXTS = 64;

/** Masks of every wording on every portrait against the truth; each text and each portrait is encoded once. */
async function locate(bench: Bench, parts: PaslParts, vocabulary: readonly Wording[]): Promise<Located[]> {
  const { resolution: side } = bench.model.manifest;
  const batches = Array.from({ length: Math.ceil(vocabulary.length / TEXTS) }, (_, i) =>
    vocabulary.slice(i * TEXTS, (i + 1) * TEXTS),
  );
  bench.expect(batches.length + bench.perAttribute);
  const embedded: Float32Array[] = [];
  for (const batch of batches) {
    embedded.push(await parts.embed(batch.map(({ text }) => text)));
    bench.tick("wordings");
  }
  const sums = vocabulary.map(() => ({ portraits: 0, dice: 0, right: 0 }));
  for (let seed = bench.seed; seed < bench.seed + bench.perAttribute; seed++) {
    const person = portrait(seed);
    const photo = { width: side, height: side, rgb: await renderPortrait(person, side), alpha: null };
    const image = await toModel(photo, wholeOf(photo), photo);
    const features = await parts.pasl.imageFeatures(image, side, side);
    const truth = trueRegions(await renderRegions(person, side), side, features.width);
    const cells = features.width * features.height;
    for (const [b, batch] of batches.entries()) {
      const { masks } = await parts.pasl.locate(features, embedded[b] as Float32Array);
      for (const [i, { region }] of batch.entries()) {
        const scores = diceOfRegions(masks.subarray(i * cells, (i + 1) * cells), truth);
        const own = scores[regionIndex(region)] ?? Number.NaN;
        const sum = sums[b * TEXTS + i];
        if (sum === undefined || Number.isNaN(own)) continue;
        sum.portraits++;
        sum.dice += own;
        sum.right += Number(isBestMatch(scores, regionIndex(region)));
      }
    }
    bench.tick("portraits");
  }
  return sums.map(({ portraits, dice, right }, i) => ({
    wording: vocabulary[i] as Wording,
    portraits,
    dice: dice / portraits,
    right: right / portraits,
  }));
}

/** The study over a vocabulary: that of PASL's training, or a smaller one. */
export function openSetStudy(vocabulary: readonly Wording[] = VOCABULARY): Study {
  return {
    name: "open-set",
    about: "masks of known and of never trained wordings against the true regions (A.3)",
    async run(bench) {
      const parts = await openPaslParts(bench.model.manifest);
      try {
        return openSetReport(await locate(bench, parts, vocabulary), bench);
      } finally {
        await parts.release();
      }
    },
  };
}
