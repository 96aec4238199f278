import type { Case, Rehearsed } from "./rehearse.ts";
import type { Mark } from "./stage.ts";

const gb = (bytes: number) => (bytes / 1e9).toFixed(2).padStart(9);

/** Plan and use, one line for each mark, then the faults. */
export function tableOf(
  { model, gib, resolution, int8, background }: Case,
  { planned, plan, marks, faults }: Rehearsed,
): string {
  const head = `${model}${int8 ? " with eight-bit files" : ""}${background ? " with a background" : ""}, ${gib} GiB, ${resolution}²: ${planned}`;
  const wrong = faults.map((fault) => `  WRONG: ${fault}`);
  if (plan === null) return [head, ...wrong].join("\n");
  const peak = Math.max(...marks.map((mark) => mark.peak));
  const columns = ["tokens", "GB at most", "in", "out", "products", "conv plans"].map((name) =>
    name.padStart(11),
  );
  return [
    head,
    `  planned ${gb(plan).trim()} GB, used ${gb(peak).trim()} GB at most`,
    `  ${"".padEnd(28)}${columns.join("")}`,
    ...marks.map(row),
    ...wrong,
  ].join("\n");
}

/** Copies and products are given per evaluation, if there were any. */
function row({
  name,
  peak,
  toDevice,
  toHost,
  products,
  convolutionPlans,
  evaluations,
  tokens,
}: Mark): string {
  const each = Math.max(evaluations, 1);
  const cells = [
    tokens ? `${tokens.computed}/${tokens.all}` : "",
    gb(peak),
    gb(toDevice / each),
    gb(toHost / each),
    String(Math.round(products / each)),
    String(convolutionPlans),
  ];
  return `  ${name.padEnd(28)}${cells.map((cell) => cell.padStart(11)).join("")}`;
}
