/** PASL's projector (Eq. 6) for another text encoder, fitted layer by layer to what the shipped one makes of the same texts. */
import {
  applied,
  errorOf,
  type Linear,
  type Matrix,
  matrix,
  momentsOf,
  relu,
  ridge,
  rowsOf,
} from "./ridge.ts";

/** Texts, row by row. */
export interface Examples {
  /** By the encoder that is fitted: text_embeds [n, in]. */
  readonly texts: Matrix;
  /** The shipped projector's hidden layer before its ReLU [n, h], and its output [n, c]. */
  readonly hidden: Matrix;
  readonly out: Matrix;
}

export interface Projector {
  readonly linear1: Linear;
  readonly linear2: Linear;
}

const PENALTIES = [1e-5, 1e-4, 1e-3, 1e-2];

/** Each so-manieth phrase is kept aside to choose the penalties by. */
const ASIDE = 8;

/**
 * The first layer approximates the shipped hidden layer, once unchanged and once negated, so that the second layer has
 * both sides of every ReLU; the second is nearest to the shipped output. Each penalty is the one that does best on
 * phrases kept aside.
 * @param phrases the phrase that each text is a wording of: those kept aside are kept aside whole
 * @param width of the hidden layer: twice the shipped one's
 */
export async function fitProjector(
  examples: Examples,
  phrases: readonly number[],
  width: number,
): Promise<Projector> {
  const { texts, hidden, out } = examples;
  if (width !== 2 * hidden.columns)
    throw new RangeError(`the hidden layer must be ${2 * hidden.columns} wide`);
  const aside = phrases.flatMap((phrase, row) => (phrase % ASIDE === 0 ? [row] : []));
  const learnt = phrases.flatMap((phrase, row) => (phrase % ASIDE === 0 ? [] : [row]));
  const best = (x: Matrix, y: Matrix) => nearest(x, y, learnt, aside);
  const linear1 = bothSides(await best(texts, hidden));
  return { linear1, linear2: await best(relu(await applied(linear1, texts)), out) };
}

/** What the projector makes of texts: [n, c]. */
export async function projected({ linear1, linear2 }: Projector, texts: Matrix): Promise<Matrix> {
  return applied(linear2, relu(await applied(linear1, texts)));
}

async function nearest(
  x: Matrix,
  y: Matrix,
  learnt: readonly number[],
  aside: readonly number[],
): Promise<Linear> {
  const moments = await momentsOf(rowsOf(x, learnt), rowsOf(y, learnt));
  const [seen, wanted] = [rowsOf(x, aside), rowsOf(y, aside)];
  let [penalty, least] = [0, Number.POSITIVE_INFINITY];
  for (const each of PENALTIES) {
    const error = errorOf(await applied(ridge(moments, each), seen), wanted);
    if (error < least) [penalty, least] = [each, error];
  }
  return ridge(await momentsOf(x, y), penalty);
}

function bothSides({ weight, bias }: Linear): Linear {
  const { rows, columns, data } = weight;
  const negated = data.map((value) => -value);
  const both = matrix(2 * rows, columns);
  both.data.set(data);
  both.data.set(negated, data.length);
  return { weight: both, bias: Float32Array.from([...bias, ...bias.map((value) => -value)]) };
}
