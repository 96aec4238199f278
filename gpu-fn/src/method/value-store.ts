import { InputError } from "../errors.ts";
import type { Values } from "../tensor/tensor.ts";
import { keyOf } from "./pairing.ts";
import type { EvaluationPoint } from "./solvers/solver.ts";

/** Stores source V by evaluation of the inversion. */
export class ValueStore {
  readonly #values = new Map<string, Values>();

  set(point: EvaluationPoint, values: Values): void {
    this.#values.set(keyOf(point), values);
  }

  /** Throws InputError if this evaluation was not recorded. */
  get(point: EvaluationPoint): Values {
    const values = this.#values.get(keyOf(point));
    if (!values) throw new InputError("option_invalid", "the inversion was not recorded for this edit");
    return values;
  }

  has(point: EvaluationPoint): boolean {
    return this.#values.has(keyOf(point));
  }

  /** Size in bytes. */
  get bytes(): number {
    let sum = 0;
    for (const values of this.#values.values()) for (const value of values) sum += value.byteLength;
    return sum;
  }
}
