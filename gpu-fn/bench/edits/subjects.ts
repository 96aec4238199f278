/** The portraits that a study edits: renders, or photos with counterfactuals drawn on them. */
import type { AskedEdit, CasePictures, NamedCase } from "./cases.ts";
import type { OpenCase } from "./judge-edits.ts";

export type Asked = AskedEdit & NamedCase;

/** An edit that can be opened, and judged. */
export interface Subject {
  readonly edit: Asked;
  /** Of what a study draws at random for it. */
  readonly seed: number;
  /** @param given what its pictures are replaced by, for another truth or region than the attribute's own */
  open(given?: (drawn: CasePictures) => CasePictures): Promise<OpenCase>;
}

/** A portrait and several edits of it. */
export interface SeveralSubject {
  /** One edit after another. */
  readonly steps: readonly Asked[];
  /** All of them in one prompt, as a user writes it. */
  readonly together: Asked;
  /** The case of all of them together, judged by one step's attribute. */
  open(step: Asked): Promise<OpenCase>;
}

export interface Subjects {
  readonly kind: "drawings" | "photos";
  /** What drew the truths. */
  readonly renderer: string;
  /**
   * The first `count` that an attribute can be added to; of photos all, if there are fewer.
   * @throws InputError if there are none
   */
  cases(attribute: string, count: number): readonly Subject[];
  /** The first `count` that can take all of `names`. */
  several(names: readonly string[], count: number): readonly SeveralSubject[];
}
