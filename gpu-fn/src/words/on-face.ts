/** What is on a face: PASL finds no other regions, whatever the model can draw. */
import { LOCATED } from "../../../shared/attributes.ts";
import type { Clause } from "./clause.ts";

/** Words for things that are not on a face. They count only in a clause without words about a face. */
export const ELSEWHERE =
  /\b(?:background|backdrop|scenery|landscape|beach|sea|ocean|sky|room|office|studio|street|city|forest|mountains?|garden|house|car|wall|sunset|clothes|clothing|dress|shirt|t-?shirt|suit|jacket|coat|tie|sweater|hands?|fingers|arms?|body|shoulders)\b/i;

/** A clause as it is, or left out by name if it is about something else. */
export function onFace(asked: string): Clause {
  if (LOCATED.test(asked) || !ELSEWHERE.test(asked)) return { asked, text: asked };
  const warning = `"${asked}" was left out: it names no region of a face; send a mask of what is to change`;
  return { asked, text: null, warning };
}
