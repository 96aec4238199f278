/**
 * S2D-EC with a frozen background (docs/algorithm.md section 5; KV-Edit, arXiv 2502.17363): the edit computes only the tokens
 * of the mask and the prompt. For all others attention uses the source's K and V, and their latents stay on the line of
 * Eq. 10.
 */
import { putRows } from "../tensor/rows.ts";
import type { Values } from "../tensor/tensor.ts";
import type { Condition } from "./condition.ts";
import { type Detailing, isDetailed, type SourcePath, type VelocityModel, valuesAt } from "./detailing.ts";
import { keyOf, type SourcePoint } from "./pairing.ts";
import type { EvaluationPoint, Velocity } from "./solvers/solver.ts";

export interface Surroundings {
  /** The evaluation of the source that K and V come from. */
  readonly source: SourcePoint;
  /** Whether it is made alongside the edit's evaluation, because there was no inversion. */
  readonly beside: boolean;
}

/**
 * The target's velocity at the tokens `rows`, and that of the line of Eq. 10 elsewhere. V is fused in the intervals of
 * `detailing`.
 */
export function backgroundVelocity(
  model: VelocityModel,
  condition: Condition,
  source: SourcePath,
  { mask, rows }: { readonly mask: Float32Array; readonly rows: Int32Array },
  {
    background,
    detailing,
  }: { readonly background: Surroundings; readonly detailing?: Detailing | undefined },
): Velocity {
  const [clean = new Float32Array(), noise = clean] = [source.latents[0], source.latents.at(-1)];
  const line = noise.map((value, index) => value - (clean[index] as number));
  const channels = line.length / mask.length;
  const keptOf = (at: EvaluationPoint): Promise<Values> | Values =>
    background.beside ? valuesAt(model, source, at, "background") : source.values.get(at);
  return async (latent, t, point) => {
    if (rows.length === 0) return line;
    const at = background.source(point);
    const kept = await keptOf(at);
    const fused = isDetailed(detailing, point) ? detailing.source(point) : undefined;
    const sources = fused && (keyOf(fused) === keyOf(at) ? kept : await keptOf(fused));
    const { velocity } = await model.evaluate(
      { latent, t, condition },
      { background: { rows, kept }, ...(sources && { fusion: { mask, sources } }) },
    );
    const whole = line.slice();
    putRows(whole, rows, velocity, channels);
    return whole;
  };
}

/** A mask of whole tokens: 1 at `rows`, 0 elsewhere. */
export function maskOfRows(rows: Int32Array, tokens: number): Float32Array {
  const mask = new Float32Array(tokens);
  for (const row of rows) mask[row] = 1;
  return mask;
}
