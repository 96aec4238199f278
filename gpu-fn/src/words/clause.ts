import type { Removal } from "../edit/request.ts";

/** One clause of a request, as it is read. */
export interface Clause {
  readonly asked: string;
  /** What the model reads; null if the clause is left out. */
  readonly text: string | null;
  readonly warning?: string;
  /** If the clause removes one thing that the model can see to be there. */
  readonly removal?: Removal | undefined;
}
