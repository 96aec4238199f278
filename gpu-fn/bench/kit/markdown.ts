/**
 * A table in Markdown: text columns first, the numbers after them aligned to the right.
 * @param texts how many of the first columns hold text
 */
export function markdown(head: readonly string[], body: readonly (readonly string[])[], texts = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [head, head.map((_, i) => (i < texts ? "---" : "---:")), ...body].map(line).join("\n");
}
