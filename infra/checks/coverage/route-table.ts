import { z } from "zod";

/** Columns of the table of tests per route, in order. */
const COLUMNS = ["happy", "auth", "scope", "idempotency", "rate limit", "validation", "ownership"] as const;

type Column = (typeof COLUMNS)[number];

/** The parts of vitest's JSON report that are read here. */
export const reportSchema = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) }),
  ),
});

export type Report = z.output<typeof reportSchema>;

/** A test names the cells it fills: `[POST /v1/edits · auth]`. */
const TAG = /\[((?:GET|POST|PUT|DELETE) \/\S*) · ([a-z ]+)\]/g;

/** Cells filled by passing tests, by operation. @throws Error for a tag with an unknown column */
export function cellsOf({ testResults }: Report): Map<string, Set<Column>> {
  const cells = new Map<string, Set<Column>>();
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    for (const [tag, operation = "", name] of title.matchAll(TAG)) {
      const column = COLUMNS.find((each) => each === name);
      if (column === undefined) throw new Error(`${tag}: the columns are ${COLUMNS.join(", ")}`);
      const row = cells.get(operation) ?? new Set();
      cells.set(operation, row);
      if (status === "passed") row.add(column);
    }
  }
  return cells;
}

/** The table in Markdown: routes by path, then by method. */
export function tableOf(cells: ReadonlyMap<string, ReadonlySet<Column>>): string {
  const sorted = [...cells].sort(([a], [b]) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const rows = sorted.map(([operation, columns]) => {
    const marks = COLUMNS.map((column) => (columns.has(column) ? "✓" : "–"));
    return `| \`${operation}\` | ${marks.join(" | ")} |`;
  });
  return [`| route | ${COLUMNS.join(" | ")} |`, `|---|${":-:|".repeat(COLUMNS.length)}`, ...rows].join("\n");
}

const sortKey = (operation: string) => operation.split(" ").reverse().join(" ");

const BEGIN = "<!-- made by npm run test:coverage-table -->";
const END = "<!-- end of the table -->";

/** A text with the table between its two marks renewed. @throws Error if the marks are not there */
export function withTable(text: string, table: string): string {
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start === -1 || end < start) throw new Error(`no place for the table: ${BEGIN} … ${END}`);
  return `${text.slice(0, start)}${BEGIN}\n${table}\n${text.slice(end)}`;
}
