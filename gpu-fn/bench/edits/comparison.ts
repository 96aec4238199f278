import { markdown } from "../kit/markdown.ts";
import { byAttribute, figures, type Names, ROWS, type Row, summaryOf, table } from "./figures.ts";
import type { Judge } from "./judge.ts";
import type { Judged } from "./judge-edits.ts";
import { DELIVERED_METRICS, lossCells } from "./losses.ts";
import type { Comparison } from "./tables.ts";

/** Accuracy that the classifier should have on an attribute for its answers to count as evidence. */
const READABLE = 0.97;

type Found = ReadonlyMap<string, readonly Judged[]>;

/** Whose pictures an editor's row is about. */
const rowIn = ({ delivered }: Comparison): Row => (delivered ? "delivered" : "edited");

/** The rows of a comparison's table: what changes nothing, every editor, and the truth; then what is lost against the first. */
export function comparisonTable(found: Found, names: Names, comparison: Comparison): string {
  const any = [...found.values()].at(-1) ?? [];
  const rowOf = (edits: readonly Judged[], row: Row) => figures(edits, row, names);
  const rows = new Map([...found].map(([name, edits]) => [name, rowOf(edits, rowIn(comparison))]));
  const whole = table(
    new Map([
      ["do nothing", rowOf(any, "do_nothing")],
      ["autoencoder only", rowOf(any, "autoencoder_only")],
      ...rows,
      ...(comparison.delivered
        ? []
        : [["as delivered, pasted into the photo", rowOf(any, "delivered")] as const]),
      ["truth", rowOf(any, "truth")],
    ]),
  );
  if (!comparison.delivered) return whole;
  const { head, body } = lossCells([...rows.values()], DELIVERED_METRICS);
  const losses = [...rows.keys()].map((name, i) => [name, ...(body[i] ?? [])]);
  return `${whole}\n\n${markdown(["lost against the first", ...head], losses)}`;
}

/** A row an attribute, of one editor, as the user gets it. */
export function attributesTable(
  edits: readonly Judged[],
  attributes: readonly string[],
  names: Names,
): string {
  return table(new Map(Object.entries(byAttribute(edits, attributes, "delivered", names))));
}

/** What must be said of the judge beside its verdicts. */
export function judgeNotes({ accuracy, balancedAccuracy }: Judge): string {
  const unsure = Object.entries(accuracy).flatMap(([name, share]) => (share < READABLE ? [name] : []));
  return [
    `classifier on held-out renders through the autoencoder: ${JSON.stringify(accuracy)}`,
    `balanced over yes and no: ${JSON.stringify(balancedAccuracy)}`,
    `to be read with care, below ${READABLE}: ${unsure.length === 0 ? "none" : unsure.join(", ")}`,
    "identity: cosine of that classifier's penultimate features, of the picture and of the source",
  ].join("\n");
}

/** Whether every editor's pasted-back pictures are the photo's own where the mask is 0. */
export function pastedNote(found: Found): string {
  const masked = [...found.values()].flat().filter(({ pasted_differing }) => !Number.isNaN(pasted_differing));
  const differing = masked.reduce((sum, edit) => sum + edit.pasted_differing, 0);
  return `pasted back, ${differing} pixels outside of the masks of ${masked.length} edits differ from the photo`;
}

/**
 * The comparison as JSON: `all` is the last editor's, the method's own, and `rows` what it is held against. One editor
 * alone has its figures by attribute too.
 */
export function comparisonSummary(
  found: Found,
  attributes: readonly string[],
  names: Names,
  comparison: Comparison,
) {
  const last = [...found.values()].at(-1) ?? [];
  const named = found.size === 1 ? attributes : [];
  const rows = ROWS.slice(1).map((row) => [row, summaryOf(last, named, row, names)]);
  const editors = [...found].map(([name, edits]) => [name, summaryOf(edits, [], rowIn(comparison), names)]);
  return {
    ...summaryOf(last, named, "edited", names),
    rows: Object.fromEntries(rows),
    ...(found.size > 1 && { editors: Object.fromEntries(editors) }),
  };
}
