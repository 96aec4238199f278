import { lines, type SnippetRequest } from "./request.ts";

/** A text in single quotes for a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export function curl({ operation, method, origin, path, keyed, body, file }: SnippetRequest): string {
  const stream = operation === "streamEvents" ? "-N " : "";
  const verb =
    method === "get" || (method === "post" && (body !== null || file)) ? "" : `-X ${method.toUpperCase()} `;
  const parts = [
    `curl ${stream}${verb}${quoted(origin + path)}`,
    keyed ? `-H "Authorization: Bearer $FLUX_API_KEY"` : null,
    operation === "createEdit" ? "-H 'Prefer: wait'" : null,
    body && "-H 'Content-Type: application/json'",
    body && `-d ${quoted(JSON.stringify(body))}`,
    file ? "-H 'Content-Type: image/jpeg' --data-binary @portrait.jpg" : null,
  ];
  return lines(...parts).replaceAll("\n", " \\\n  ");
}
