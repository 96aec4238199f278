import { cpus } from "node:os";
import { toModel, wholeOf } from "../../../src/image/crop.ts";
import { paslOf } from "../../../src/manifest/pasl-part.ts";
import { portrait, renderPortrait } from "../../../training/text2mask/render.ts";
import type { Bench, Study, StudyReport } from "../study.ts";
import { fullWidthArithmetic, PARTS, type Part, paslArithmetic, TABLE_6 } from "./pasl-arithmetic.ts";
import { openPaslParts, type PaslParts } from "./pasl-parts.ts";

const THREADS = 2;
const WARM_UP = 5;
const PROMPT = "a person wearing glasses";

type Runs = Readonly<Record<Part, () => Promise<unknown>>>;

/** Each part on one portrait and one prompt, as a located mask needs them. */
async function runsOf({ model, seed }: Bench, { clip, pasl, tokenize, embed }: PaslParts): Promise<Runs> {
  const { resolution: side } = model.manifest;
  const photo = { width: side, height: side, rgb: await renderPortrait(portrait(seed), side), alpha: null };
  const image = await toModel(photo, wholeOf(photo), photo);
  const text = await embed([PROMPT]);
  const ids = [tokenize(PROMPT)];
  const channels = paslOf(model.manifest).config.channels.at(-1) ?? 1;
  // Over one pixel the mask's graph is the projector and next to nothing else.
  const pixel = { data: new Float32Array(channels), height: 1, width: 1 };
  return {
    "image encoder": () => pasl.imageFeatures(image, side, side),
    "text encoder": () => clip.encode(ids),
    projector: () => pasl.locate(pixel, text),
    "complete PASL": async () =>
      pasl.locate(await pasl.imageFeatures(image, side, side), await embed([PROMPT])),
  };
}

/** Milliseconds of each part, `count` times in turn: what slows the machine for a while slows all of them. */
async function measure({ expect, tick }: Bench, runs: Runs, count: number): Promise<Map<Part, number[]>> {
  expect(count);
  const times = new Map<Part, number[]>(PARTS.map((part) => [part, []]));
  for (let round = -WARM_UP; round < count; round++) {
    for (const part of PARTS) {
      const start = performance.now();
      await runs[part]();
      if (round >= 0) times.get(part)?.push(performance.now() - start);
    }
    if (round >= 0) tick("PASL");
  }
  return times;
}

/** Median, and the quartiles around it. */
export function spread(values: readonly number[]): { median: number; low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

async function run(bench: Bench): Promise<StudyReport> {
  const { manifest } = bench.model;
  const parts = await openPaslParts(manifest, { threads: THREADS });
  try {
    const { clip } = manifest;
    const pasl = paslOf(manifest);
    const shape = { pasl: pasl.config, clip: clip.config, size: manifest.resolution, tokens: clip.length };
    const own = paslArithmetic(shape, parts.weights);
    const times = await measure(bench, await runsOf(bench, parts), bench.perAttribute);
    return report(bench, own, times);
  } finally {
    await parts.release();
  }
}

const giga = (flops: number) => (flops / 1e9).toFixed(3);
const mega = (parameters: number) => (parameters / 1e6).toFixed(2);

function report(
  bench: Bench,
  own: ReturnType<typeof paslArithmetic>,
  times: ReadonlyMap<Part, readonly number[]>,
): StudyReport {
  const { id, resolution, clip } = bench.model.manifest;
  const full = fullWidthArithmetic();
  const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${THREADS} threads`;
  const latency = new Map(PARTS.map((part) => [part, spread(times.get(part) ?? [])]));
  const { flops: encoder } = full.costs["image encoder"];
  return {
    title: "Overhead of PASL (Table 6)",
    columns: [
      "",
      "GFLOP",
      "parameters, M",
      "median, ms",
      "quartiles, ms",
      "full width: GFLOP",
      "parameters, M",
      "Table 6: GFLOP",
      "parameters, M",
    ],
    rows: PARTS.map((part) => {
      const { median, low, high } = latency.get(part) ?? spread([]);
      return [
        part,
        ...[own.costs[part]].flatMap(({ flops, parameters }) => [giga(flops), mega(parameters)]),
        median.toFixed(2),
        `${low.toFixed(2)} to ${high.toFixed(2)}`,
        ...[full.costs[part], TABLE_6[part]].flatMap(({ flops, parameters }) => [
          giga(flops),
          mega(parameters),
        ]),
      ];
    }),
    notes: [
      `${id} at ${resolution}², a prompt of ${clip.length} ids; full width: the paper's layers at 512², CLIP ViT-L/14's text tower, 77 ids`,
      `${machine}, ${bench.perAttribute} rounds, the parts in turn, after ${WARM_UP} to warm up; the paper's latencies are of one H800 and no comparison`,
      "FLOP = 2 · MAC of convolutions, linear layers, matrix products and attention, counted from the graphs' shapes; complete PASL has the product of both features too",
      `the paper counts 2 a MAC for the image encoder: its 68.694 G are these ${giga(encoder)} G and 4 for each value of a convolution (bias, activation), ${giga(encoder + 4 * full.convolved)} G`,
      "its text encoder is 12 MLPs alone: 12 · 4.72 M weights are 56.6 M, and times 77 ids 4.360 G, one a MAC",
    ],
    figures: {
      machine,
      latency_ms: Object.fromEntries(latency),
      own: own.costs,
      full_width: full.costs,
      paper: TABLE_6,
    },
  };
}

export const paslCost: Study = {
  name: "pasl-cost",
  about: "FLOPs, parameters and latency of PASL by part; --per-attribute is the number of rounds (Table 6)",
  run,
};
