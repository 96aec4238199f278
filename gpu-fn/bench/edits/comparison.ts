import { byAttribute, figures, type Names, ROWS, type Row, summaryOf, table } from "./figures.ts";
import type { Judge } from "./judge.ts";
import type { Judged } from "./judge-edits.ts";

/** Accuracy that the classifier should have on an attribute for its answers to count as evidence. */
const READABLE = 0.97;

/** The rows of a comparison's table: what changes nothing, every editor, and the truth. */
export function comparisonTable(found: ReadonlyMap<string, readonly Judged[]>, names: Names): string {
  const any = [...found.values()].at(-1) ?? [];
  const rowOf = (edits: readonly Judged[], row: Row) => figures(edits, row, names);
  return table(
    new Map([
      ["do nothing", rowOf(any, "do_nothing")],
      ["autoencoder only", rowOf(any, "autoencoder_only")],
      ...[...found].map(([name, edits]) => [name, rowOf(edits, "edited")] as const),
      ["as delivered, pasted into the photo", rowOf(any, "delivered")],
      ["truth", rowOf(any, "truth")],
    ]),
  );
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

/** Whether every pasted-back picture is the photo's own where the mask is 0. */
export function pastedNote(edits: readonly Judged[]): string {
  const masked = edits.filter(({ pasted_differing }) => !Number.isNaN(pasted_differing));
  const differing = masked.reduce((sum, edit) => sum + edit.pasted_differing, 0);
  return `pasted back, ${differing} pixels outside of the masks of ${masked.length} edits differ from the photo`;
}

/**
 * The comparison as JSON: `all` is the last editor's, the method's own, and `rows` what it is held against. One editor
 * alone has its figures by attribute too.
 */
export function comparisonSummary(
  found: ReadonlyMap<string, readonly Judged[]>,
  attributes: readonly string[],
  names: Names,
) {
  const last = [...found.values()].at(-1) ?? [];
  const named = found.size === 1 ? attributes : [];
  const rows = ROWS.slice(1).map((row) => [row, summaryOf(last, named, row, names)]);
  const editors = [...found].map(([name, edits]) => [name, summaryOf(edits, [], "edited", names)]);
  return {
    ...summaryOf(last, named, "edited", names),
    rows: Object.fromEntries(rows),
    ...(found.size > 1 && { editors: Object.fromEntries(editors) }),
  };
}
