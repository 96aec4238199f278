/** A request as shown in a snippet: an example that works once key, host and ids are the reader's own. */
export interface SnippetRequest {
  /** The operation's name in the contract. */
  readonly operation: string;
  readonly method: "get" | "post" | "put" | "delete";
  readonly origin: string;
  /** With its parameters filled in, and a query if there is one. */
  readonly path: string;
  /** Ids in the path, in order. */
  readonly ids: readonly string[];
  /** Whether it needs a secret key. */
  readonly keyed: boolean;
  /** JSON body; null if there is none. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Whether the body is a picture's file. */
  readonly file: boolean;
}

export const SNIPPET_LANGUAGES = ["curl", "TypeScript", "Python", "Swift", "Kotlin"] as const;

export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

/** One line per entry, skipping nulls. */
export const lines = (...entries: readonly (string | null)[]): string =>
  entries.filter((entry) => entry !== null).join("\n");

/** Indents the further lines of a text. */
export const indented = (text: string, by: number): string => text.replaceAll("\n", `\n${" ".repeat(by)}`);
