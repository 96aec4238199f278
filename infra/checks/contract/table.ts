/** A way to a first edit, as the table of clients has it. */
export interface Row {
  readonly client: string;
  readonly lines: number;
  /** How it was run here. */
  readonly how: string;
}

/** The table of edge/docs/clients.md. */
export const tableOf = (rows: readonly Row[]): string =>
  [
    "| client | lines to a first edit | how it was run here |",
    "|---|---:|---|",
    ...rows.map(({ client, lines, how }) => `| ${client} | ${lines} | ${how} |`),
  ].join("\n");
