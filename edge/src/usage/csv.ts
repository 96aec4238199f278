/** A field in RFC 4180 format: quoted if it contains a separator, a quote or a line break. */
const fieldOf = (value: string | number) => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows as CSV (RFC 4180): a header row with the column names, and lines that end in CRLF. */
export function csvOf<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, string | number>>[],
): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((fields) => `${fields.map(fieldOf).join(",")}\r\n`).join("");
}
